"""Block Kit: pure functions from what is to be shown to blocks that Slack takes, whatever a record holds.

Text of records stands in rich text and in plain text only, which Slack reads as it is: no name becomes a link, a
mention or formatting. `limits` holds Slack's documented limits; every text is cut to them.
"""
