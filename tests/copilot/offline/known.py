# ruff: noqa: E501
"""Failures of the planner that are known: why → the tests that show it. Delete a line when its test passes."""

KNOWN: dict[str, tuple[str, ...]] = {
    "a word in capitals is taken for the pipeline or stage record of that name, not for the metric or state": (
        "test_the_word_won_is_the_state_however_it_is_written[WHICH REP WON IT]",
        "test_case_punctuation_and_politeness_change_nothing[which *rep* *won* the *most* deals in {quarter} 2024]",
        "test_case_punctuation_and_politeness_change_nothing[*median* *amount* of *won* deals in {country}]",
        "test_case_punctuation_and_politeness_change_nothing[the *biggest* deal that {rep} *won* in {year}]",
        "test_case_punctuation_and_politeness_change_nothing[which accounts in {industry} have we *never* *won* a deal with]",
    ),
    "'account for' inside '<group> account for <name>' is read as the share phrase": (
        "test_two_words_that_relate_two_parts_are_not_taken_for_one_phrase",
        "test_a_reading_that_was_once_wrong_is_not_wrong[bookings by account for Atlas Max]",
        "test_group_totals_add_up_to_the_total[account-bookings]",
        "test_group_totals_add_up_to_the_total[account-deals won]",
        "test_group_totals_add_up_to_the_total[account-deals lost]",
        "test_group_totals_add_up_to_the_total[account-pipeline]",
        "test_group_totals_add_up_to_the_total[account-number of deals]",
        "test_an_excluded_record_leaves_the_complement[account-without {v}]",
        "test_an_excluded_record_leaves_the_complement[account-except those of {v}]",
    ),
    "declines: \"by <person>\" after won or lost is left loose ('deals lost by X' is read as the metric deals_lost + by)": (
        "test_every_word_of_a_plain_question_is_owned[deals lost by Caleb Durand in 2024]",
        "test_every_word_of_a_plain_question_is_owned[latest deal won by Tessa]",
        "test_a_content_word_cannot_be_left_out_without_effect[list the deals *lost* by {rep} in {year}]",
        "test_another_name_changes_only_that_value[rep: list the deals *lost* by {rep} in {year}]",
        "test_every_frame_is_answered[list the deals *lost* by {rep} in {year}]",
        "test_a_region_adds_exactly_one_condition[list the deals *lost* by {rep} in {year}-in the {region}]",
        "test_a_region_adds_exactly_one_condition[list the deals *lost* by {rep} in {year}-in the {region} region]",
        "test_case_punctuation_and_politeness_change_nothing[list the deals *lost* by {rep} in {year}]",
        "test_columns_of_other_names_give_the_same_answers[list the deals *lost* by {rep} in {year}]",
        "test_misleading_columns_change_no_answer[list the deals *lost* by {rep} in {year}]",
    ),
    "a noun phrase 'won deals'/'deals won' becomes a metric: a list turns into a count, a ranking is refused": (
        "test_a_question_for_deals_lists_deals[won deals under 1000]",
        "test_a_question_for_deals_lists_deals[which deals sold below list price]",
        "test_states_that_exclude_each_other_are_not_answered_with_zero[bookings of lost deals]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[which deals sold below list price]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[won deals in 2024 with an amount under 1000]",
    ),
    "an empty field is not said to be empty": ("test_a_field_that_is_empty_is_said_to_be_empty",),
    "a loss reason and won are joined to 0": ("test_a_reason_for_losing_does_not_go_with_winning",),
    "a follow-up loses its operator or negation, or repeats the answer": (
        "test_a_follow_up_says_what_the_whole_question_would[open deals of Tessa Obafemi >> what's the total?-pipeline of Tessa Obafemi]",
        "test_a_follow_up_says_what_the_whole_question_would[open deals of Tessa Obafemi >> which of them are over 10k?-open deals of Tessa Obafemi over 10k]",
        "test_a_follow_up_says_what_the_whole_question_would[deals won in 2024 >> excluding Germany >> and Japan too-deals won in 2024 excluding Germany and Japan]",
        "test_a_follow_up_says_what_the_whole_question_would[which reps are in the North >> what is their combined revenue in 2024?-revenue in the North in 2024]",
        "test_a_follow_up_says_what_the_whole_question_would[which rep won the most deals in 2024 >> who is their manager?-who manages Caleb Durand]",
    ),
    "limits and amounts beyond the schema raise": (
        "test_a_number_beyond_all_bounds_raises_nothing[top 1000000 reps by revenue]",
        "test_a_number_beyond_all_bounds_raises_nothing[the 99999999999999999999 largest deals]",
        "test_a_number_beyond_all_bounds_raises_nothing[deals over 99999999999999999999999]",
        "test_a_number_beyond_all_bounds_raises_nothing[top 10001 accounts by revenue]",
    ),
    "'with a parent company' becomes a column and no condition": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[accounts with a parent company]",
    ),
    "'percentage of deals lost because of' is the loss rate of those lost, 100 %": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[what percentage of deals did we lose because of price]",
    ),
    "'why do we lose' lists all lost deals": ("test_a_reading_that_was_once_wrong_is_not_wrong[why do we lose deals]",),
    "how much is / what did X buy / how many products: answered with bookings": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[how much is Atlas Core]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[Atlas Max \\u591a\\u5c11\\u94b1]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[what did Ferncliff buy]",
    ),
    "records that are not there are counted as 0": ("test_a_metric_of_records_that_are_not_there_is_no_answer",),
    "a closed metric in the future is 0": (
        "test_what_has_not_happened_yet_is_not_zero[how many deals will we win next year]",
        "test_what_has_not_happened_yet_is_not_zero[\\u660e\\u5e74\\u4f1a\\u8d62\\u591a\\u5c11\\u5355]",
    ),
    "a currency word says nothing": (
        "test_a_currency_that_the_data_does_not_hold_is_not_passed_over[revenue in euros]",
        "test_a_currency_that_the_data_does_not_hold_is_not_passed_over[bookings in yen for 2024]",
    ),
    "'who bought' ranks reps; 员工 of 员工超过 is read as users; 要关 is read as closed": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[\\u5fb7\\u56fd\\u5ba2\\u6237\\u91cc\\u8c01\\u4e70\\u5f97\\u6700\\u591a]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[\\u5458\\u5de5\\u8d85\\u8fc7500\\u4eba\\u7684\\u5ba2\\u6237\\u6709\\u591a\\u5c11\\u5bb6]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[\\u672c\\u5468\\u8981\\u5173\\u7684\\u5355]",
        "test_a_question_in_chinese_is_the_same_question[how many accounts have more than 500 employees-\\u5458\\u5de5\\u8d85\\u8fc7500\\u4eba\\u7684\\u5ba2\\u6237\\u6709\\u591a\\u5c11\\u5bb6]",
    ),
    "a wish to change data is read as a list": (
        "test_a_wish_to_change_data_is_not_answered_with_a_list[delete all deals of Mira]",
        "test_a_wish_to_change_data_is_not_answered_with_a_list[close all open deals of Mira]",
    ),
    "words that ask for a shape that does not exist are swallowed": (
        "test_a_question_of_no_declared_shape_is_not_answered_as_another[which accounts bought both Atlas Core and Nimbus Lite]",
        "test_a_question_of_no_declared_shape_is_not_answered_as_another[Tessa's win rate compared to her team]",
        "test_a_question_of_no_declared_shape_is_not_answered_as_another[deals signed on a Monday]",
        "test_a_question_of_no_declared_shape_is_not_answered_as_another[how many deals did Mira and Jonas each win on average per month]",
    ),
    "'the same period last year' is the whole year, and two periods of unlike length are added up": (
        "test_a_question_of_no_declared_shape_is_not_answered_as_another[revenue so far this quarter vs the same period last year]",
    ),
    "the number between 'which' and the noun hides the noun: deals are ranked by amount": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[which two regions lost the most deals in 2024]",
    ),
    "spelling repair turns an unknown word into a word that says nothing": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[quibbish bookings in 2024]",
    ),
    "an unknown word in a sentence of its own is set aside as background": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[bookings in 2024. Zwanfel.]",
    ),
    "'X by <field of accounts>' without a measure counts deals and not the accounts": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[accounts by industry]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[customers per country]",
    ),
    "an average number per rep becomes the average amount by rep": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[average number of deals per rep]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[how many deals per rep on average did we win in 2024]",
        "test_a_reading_that_was_once_wrong_is_not_wrong[\\u6bcf\\u4e2a\\u9500\\u552e\\u5e73\\u5747\\u8d62\\u591a\\u5c11\\u5355]",
    ),
    "'each' of several named people is swallowed: one total": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[How many deals did Mira and Jonas each win in 2024?]",
    ),
    "the first deal won is the one that was started first": (
        "test_a_reading_that_was_once_wrong_is_not_wrong[first deal we ever won]",
    ),
    "a negation before a value with 'without' or 'except those of' is refused": (
        "test_an_exclusion_leaves_the_complement[how many open deals are there-without {v}]",
        "test_an_exclusion_leaves_the_complement[how many deals did we win in 2024-without {v}]",
        "test_an_exclusion_leaves_the_complement[number of deals we lost in 2024-without {v}]",
        "test_an_excluded_record_leaves_the_complement[rep-without {v}]",
        "test_an_excluded_record_leaves_the_complement[rep-except those of {v}]",
        "test_an_excluded_record_leaves_the_complement[product-without {v}]",
        "test_an_excluded_record_leaves_the_complement[product-except those of {v}]",
    ),
    "recall: this ranking is refused": (
        "test_a_shorter_ranking_is_the_beginning_of_a_longer_one[{n} products with the most wins]",
    ),
    "wrong answers over the 3 % floor: see the list it prints": (
        "test_hardly_any_answer_is_wrong[english over renamed columns]",
        "test_hardly_any_answer_is_wrong[a shop]",
    ),
}
