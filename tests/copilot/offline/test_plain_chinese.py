"""Everyday Chinese over a small company of its own: visits, silence, second halves, the asker's team, rates."""

from datetime import date

import pytest

from copilot.offline.plan import Clarify, PastTurn, Queries, Query, ShowReport
from copilot.offline.planner import Planner
from crm_core.access import ADMIN
from crm_core.query.run import run_query
from crm_core.setup import create_store
from crm_core.transfer import apply_import, plan_import
from crm_core.users import find_actor

TODAY = date(2026, 11, 22)  # a Sunday
FILES = {
    "销售人员.csv": (
        "工号,姓名,部门,职务,直属上级\n"
        "Y1,罗文昌,总部,总经理,\nY2,段小楠,东区,区域经理,罗文昌\nY3,包立新,西区,区域经理,罗文昌\n"
        "Y4,邹一鸣,东区,销售工程师,段小楠\nY5,尤佳,东区,销售工程师,段小楠\nY6,柏青,西区,销售工程师,包立新\n"
    ),
    "客户.csv": (
        "客户编号,客户名称,行业,客户等级,负责人,创建时间\n"
        "K1,明川轴承有限公司,机床,A级,邹一鸣,2026-01-05 09:00\nK2,远帆电机有限公司,储能设备,A级,尤佳,2026-01-20 09:00\n"
        "K3,和昌阀门有限公司,机床,B级,柏青,2026-03-02 09:00\nK4,启泰泵业有限公司,储能设备,B级,邹一鸣,2026-03-09 09:00\n"
    ),
    "联系人.csv": (
        "联系人编号,姓名,客户名称,职务,手机,微信号,邮箱\n"
        "L1,贺兰,明川轴承有限公司,采购经理,13900000001,wx_helan,helan@mingchuan.example\n"
        "L2,古月,明川轴承有限公司,技术总监,13900000002,wx_guyue,guyue@mingchuan.example\n"
    ),
    "商机.csv": (
        "商机编号,商机名称,客户名称,负责人,商机阶段,预计成交金额(元),预计签约日期,实际签约日期,输单原因,创建时间\n"
        "S1,明川导轨项目,明川轴承有限公司,邹一鸣,赢单,100000,2026-03-01,2026-03-10,,2026-01-08\n"
        "S2,远帆检具项目,远帆电机有限公司,尤佳,赢单,60000,2026-05-01,2026-05-20,,2026-02-08\n"
        "S3,明川二期项目,明川轴承有限公司,邹一鸣,报价,90000,2026-12-15,,,2026-05-03\n"
        "S4,启泰改造项目,启泰泵业有限公司,邹一鸣,报价,,2026-12-20,,,2026-11-01\n"
        "S5,和昌扩产项目,和昌阀门有限公司,柏青,样机,70000,2026-10-01,,,2026-06-01\n"
        "S6,远帆升级项目,远帆电机有限公司,尤佳,样机,40000,2026-09-01,,,2026-09-10\n"
        "S7,和昌备件项目,和昌阀门有限公司,柏青,输单,20000,2026-04-01,2026-04-10,价格太高,2026-02-01\n"
        "S8,启泰试用项目,启泰泵业有限公司,邹一鸣,输单,30000,2026-05-01,2026-05-11,价格太高,2026-02-01\n"
        "S9,明川工装项目,明川轴承有限公司,邹一鸣,输单,10000,2026-06-01,2026-06-11,交期太长,2026-02-01\n"
    ),
    "合同订单.csv": (
        "合同编号,客户名称,业务员,签订日期,合同金额(元),已回款金额(元),未回款金额(元),合同状态\n"
        "H1,明川轴承有限公司,邹一鸣,2026-03-10,100000,75000,25000,执行中\n"
        "H2,远帆电机有限公司,尤佳,2026-05-20,60000,30000,30000,执行中\n"
    ),
    "跟进记录.csv": (
        "记录编号,客户名称,商机编号,跟进人,跟进方式,跟进内容,跟进时间\n"
        "G1,明川轴承有限公司,S3,邹一鸣,上门拜访,看现场,2026-11-20 10:00\n"
        "G2,明川轴承有限公司,,尤佳,电话沟通,问交期,2026-11-19 10:00\n"
        "G3,远帆电机有限公司,,邹一鸣,上门拜访,送样,2026-11-03 10:00\n"
        "G4,远帆电机有限公司,,尤佳,线上会议,评审,2026-11-04 10:00\n"
        "G5,和昌阀门有限公司,,柏青,电话沟通,报价,2026-05-02 10:00\n"
    ),
}  # fmt: skip


class Company:
    """The store and who asks it."""

    def __init__(self, folder):
        self.store = create_store(f"sqlite:///{folder}/farley.db")
        for name, text in FILES.items():
            (folder / name).write_text(text, encoding="utf-8")
        apply_import(self.store, plan_import(self.store, [folder / name for name in FILES], today=TODAY), actor=ADMIN)
        self.planner = Planner(self.store)

    def actor(self, name):
        if name is None:
            return ADMIN
        actors = (find_actor(self.store, one.id) for one in self._people())
        return next(one for one in actors if one is not None and one.name == name)

    def _people(self):
        names = self.planner.vocabulary(actor=ADMIN, today=TODAY).phrases.of("record")
        return {name for _, senses in names for s in senses for name in _users(s)}

    def plan(self, *turns, by=None):
        actor, past = self.actor(by), []
        for text in turns[:-1]:
            plan = self.planner.plan(text, dialogue=past, actor=actor, today=TODAY)
            assert isinstance(plan, Query), (text, plan)
            past.append(PastTurn(text, spec=plan.spec, shape=plan.shape))
        return self.planner.plan(turns[-1], dialogue=past, actor=actor, today=TODAY)

    def rows(self, *turns, by=None):
        plan = self.plan(*turns, by=by)
        assert isinstance(plan, Query), plan
        return [row.values for row in run_query(self.store, plan.spec, actor=self.actor(by), today=TODAY).rows]


def _users(sense):
    return [name for name in sense.value if name.entity == "user"] if sense.type == "record" else []


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    company = Company(tmp_path_factory.mktemp("plain_zh"))
    yield company
    company.store.close()


def firsts(rows):
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    ("text", "customers"),
    [
        ("邹一鸣这个月跑了几家客户", 2), ("邹一鸣11月拜访了几家客户", 2), ("尤佳今年拜访了几家客户", 0),
        ("今年没人拜访过的A级客户有几家", 0), ("今年没拜访过的B级客户有几家", 2),
    ],
)  # fmt: skip
def test_a_visit_is_what_the_company_calls_one_by_whoever_paid_it(company, text, customers):
    assert company.rows(text) == [(customers,)]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("星期五谁拜访过明川轴承", {"邹一鸣"}), ("周四谁给明川打过电话", {"尤佳"}), ("周五谁去拜访客户了", {"邹一鸣"}),
        ("谁联系过明川轴承", {"邹一鸣", "尤佳"}),
    ],
)  # fmt: skip
def test_a_weekday_of_what_has_been_is_the_one_past(company, text, who):
    assert firsts(company.rows(text)) == who


def test_a_weekday_to_come_stays_ahead(company):
    (row,) = company.rows("周五有几个拜访")
    assert row == (0,)


def test_calls_go_by_the_company_s_own_word_where_no_call_is_kept_by_its_kind(company):
    assert company.rows("今年一共打了几个电话") == [(2,)]
    assert company.rows("11月有几次会议") == [(3,)]  # the name of the kind stays all of them
    assert firsts(company.rows("我这周给谁打了电话", by="尤佳")) == {"明川轴承有限公司"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("三个月没人跟过的客户有哪些", {"和昌阀门有限公司", "启泰泵业有限公司"}),
        ("半年没人联系的客户有哪些", {"和昌阀门有限公司", "启泰泵业有限公司"}),
        ("两个月没动静的商机有哪些", {"启泰改造项目", "和昌扩产项目", "远帆升级项目"}),
        ("没填金额的商机有哪些", {"启泰改造项目"}), ("还没定金额的商机有哪些", {"启泰改造项目"}),
        ("卡在样机的商机有哪些", {"和昌扩产项目", "远帆升级项目"}),
        ("挂在报价的商机", {"明川二期项目", "启泰改造项目"}),
        ("样机还卡着的 三个月前就建了的有哪些商机", {"和昌扩产项目"}),
        ("储能设备行业的客户有哪些", {"远帆电机有限公司", "启泰泵业有限公司"}),
    ],
)  # fmt: skip
def test_what_is_quiet_stuck_or_not_filled_in(company, text, names):
    assert firsts(company.rows(text)) == names


def test_stuck_without_a_stage_is_no_condition_that_we_know(company):
    assert not isinstance(company.plan("卡着的商机有哪些"), Query)


@pytest.mark.parametrize(
    ("turns", "row"),
    [
        (["最大的商机是哪家的，预计什么时候签"], ("明川二期项目", "明川轴承有限公司", "2026-12-15", 90000)),
        (["报价的商机有几个，涉及多少钱"], (2, 90000)),
        (["丢单最主要的原因是什么"], ("价格太高", 2)),
        (["5月比3月少了多少"], (100000, 60000, -40000, -0.4)),
        (["3月跟5月比差了多少，怎么掉这么多"], (100000, 60000, -40000, -0.4)),
        (["2026年签的合同回款率是多少"], (0.65625,)),
        (["明川轴承的采购经理叫什么，手机号多少"], ("贺兰", "13900000001")),
        (["邹一鸣名下客户总欠款"], (25000,)),
    ],
)  # fmt: skip
def test_second_halves_and_figures(company, turns, row):
    (found,) = company.rows(*turns)
    assert tuple(str(one) if isinstance(one, date) else float(one) if _is_number(one) else one for one in found) == row


def _is_number(value):
    return not isinstance(value, str | date | type(None))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("没填金额的商机有几个，都是谁的", {("启泰改造项目", "邹一鸣")}),
        ("样机的商机分别是谁跟的", {("和昌扩产项目", "柏青"), ("远帆升级项目", "尤佳")}),
        ("卡在样机的都是谁的", {("和昌扩产项目", "柏青"), ("远帆升级项目", "尤佳")}),
        ("明川轴承有哪些联系人，微信号多少", {("贺兰", "wx_helan"), ("古月", "wx_guyue")}),
        ("把明川轴承的联系人和邮箱给我", {("贺兰", "helan@mingchuan.example"), ("古月", "guyue@mingchuan.example")}),
    ],
)  # fmt: skip
def test_each_with_what_is_asked_of_it(company, text, pairs):
    assert {row[:2] for row in company.rows(text)} == pairs


@pytest.mark.parametrize(
    "text", ["我们部门今年签了几单", "我们组今年签了几单", "全组今年签了几单", "咱部门今年签了几单"]
)
def test_our_department_is_that_of_whoever_says_so(company, text):
    assert company.rows(text, by="段小楠") == [(2,)]
    assert company.rows(text, by="邹一鸣") == [(2,)]
    assert company.rows(text, by="柏青") == [(0,)]


def test_the_team_stays_until_others_are_named(company):
    overdue = company.rows("我们组今年丢了几单", "过期的有哪些", by="段小楠")

    assert firsts(overdue) == {"远帆升级项目"}
    assert company.rows("我们组过期的商机有几个", "哪些是邹一鸣的", "全组是多少", by="段小楠") == [(1,)]


def test_new_customers_of_each_month_are_those_begun_in_it(company):
    assert [row[-1] for row in company.rows("今年每个月新增多少客户")] == [2, 2]
    assert [row[-1] for row in company.rows("今年每个月新增客户数")] == [2, 2]


def test_why_deals_were_lost_counts_lost_deals_alone(company):
    assert {row[:2] for row in company.rows("今年丢了几单，都是什么原因")} == {("价格太高", 2), ("交期太长", 1)}


@pytest.mark.parametrize(
    "text", ["我今年指标完成百分之多少了", "我们组今年指标完成多少了", "今年每个销售的指标完成率", "今年完成率怎么样"]
)
def test_what_was_reached_of_a_target_is_the_report_of_it(company, text):
    assert isinstance(company.plan(text, by="段小楠"), ShowReport | Clarify | Queries)
