"""Chinese words by their sound: what an input method or a hasty thumb made of them.

The 3,755 commonest characters stand in GB 2312 in the order of their pinyin, so the first character of each syllable
tells the syllable of all. Tones are left out, and so is what many confuse (zh and z, ing and in).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from copilot.offline.lexicon import Words
from copilot.offline.phrases import Phrases, SharedPhrases
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.tokens import Token

_FIRST = """
a啊 ai埃 an鞍 ang肮 ao凹 ba芭 bai白 ban斑 bang邦 bao苞 bei杯 ben奔 beng崩 bi逼 bian鞭 biao标 bie鳖 bin彬 bing兵
bo玻 bu捕 ca擦 cai猜 can餐 cang苍 cao操 ce厕 ceng层 cha插 chai拆 chan搀 chang昌 chao超 che车 chen郴 cheng撑
chi吃 chong充 chou抽 chu初 chuai揣 chuan川 chuang疮 chui吹 chun春 chuo戳 ci疵 cong聪 cou凑 cu粗 cuan蹿 cui摧
cun村 cuo磋 da搭 dai呆 dan耽 dang当 dao刀 de德 deng蹬 di堤 dian颠 diao碉 die跌 ding丁 diu丢 dong东 dou兜 du督
duan端 dui堆 dun墩 duo掇 e蛾 en恩 er而 fa发 fan藩 fang坊 fei菲 fen芬 feng丰 fo佛 fou否 fu夫 ga噶 gai该 gan干
gang冈 gao篙 ge哥 gei给 gen根 geng耕 gong工 gou钩 gu辜 gua刮 guai乖 guan棺 guang光 gui瑰 gun辊 guo锅 ha哈 hai骸
han酣 hang夯 hao壕 he呵 hei嘿 hen痕 heng哼 hong轰 hou喉 hu呼 hua花 huai槐 huan欢 huang荒 hui灰 hun荤 huo豁 ji击
jia嘉 jian歼 jiang僵 jiao蕉 jie揭 jin巾 jing荆 jiong炯 jiu揪 ju鞠 juan捐 jue撅 jun均 ka喀 kai开 kan刊 kang康
kao考 ke坷 ken肯 keng坑 kong空 kou抠 ku枯 kua夸 kuai块 kuan宽 kuang匡 kui亏 kun坤 kuo括 la垃 lai莱 lan蓝 lang琅
lao捞 le勒 lei雷 leng棱 li厘 lia俩 lian联 liang粮 liao撩 lie列 lin琳 ling玲 liu溜 long龙 lou楼 lu芦 luan峦 lun抡
luo萝 ma妈 mai埋 man瞒 mang芒 mao猫 me么 mei玫 men门 meng萌 mi眯 mian棉 miao苗 mie蔑 min民 ming明 miu谬 mo摸
mou谋 mu拇 na拿 nai氖 nan南 nang囊 nao挠 ne呢 nei馁 nen嫩 neng能 ni妮 nian蔫 niang娘 niao鸟 nie捏 nin您 ning柠
niu牛 nong脓 nu奴 nuan暖 nuo挪 o哦 ou欧 pa啪 pai拍 pan攀 pang乓 pao抛 pei呸 pen喷 peng砰 pi坯 pian篇 piao飘
pie撇 pin拼 ping乒 po坡 pu扑 qi期 qia掐 qian牵 qiang枪 qiao橇 qie切 qin钦 qing青 qiong琼 qiu秋 qu趋 quan圈 que缺
qun裙 ran然 rang瓤 rao饶 re惹 ren壬 reng扔 ri日 rong戎 rou揉 ru茹 ruan软 rui蕊 run闰 ruo若 sa撒 sai腮 san三
sang桑 sao搔 se瑟 sen森 seng僧 sha莎 shai筛 shan珊 shang墒 shao梢 she奢 shen砷 sheng声 shi师 shou收 shu蔬 shua刷
shuai摔 shuan栓 shuang霜 shui谁 shun吮 shuo说 si斯 song松 sou搜 su苏 suan酸 sui虽 sun孙 suo蓑 ta塌 tai胎 tan坍
tang汤 tao掏 te特 teng藤 ti梯 tian天 tiao挑 tie贴 ting厅 tong通 tou偷 tu凸 tuan湍 tui推 tun吞 tuo拖 wa挖 wai歪
wan豌 wang汪 wei威 wen瘟 weng嗡 wo挝 wu巫 xi昔 xia瞎 xian掀 xiang相 xiao萧 xie楔 xin薪 xing星 xiong兄 xiu休 xu墟
xuan轩 xue靴 xun勋 ya压 yan焉 yang殃 yao邀 ye椰 yi一 yin茵 ying英 yo哟 yong拥 you幽 yu迂 yuan鸳 yue曰 yun耘 za匝
zai栽 zan咱 zang赃 zao遭 ze责 zei贼 zen怎 zeng增 zha扎 zhai摘 zhan瞻 zhang樟 zhao招 zhe遮 zhen珍 zheng蒸 zhi芝
zhong中 zhou舟 zhu珠 zhua抓 zhuai拽 zhuan专 zhuang桩 zhui椎 zhun谆 zhuo捉 zi兹 zong鬃 zou邹 zu租 zuan钻 zui嘴
zun尊 zuo昨
"""
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))
_CONTENT = frozenset(
    {
        T.ENTITY,
        T.FIELD,
        T.METRIC,
        T.VALUE,
        T.STATE,
        T.RECORD,
        T.SUP,
        T.AGG,
        T.ASK,
        T.UNIT,
        T.BUCKET,
        T.SHARE,
        T.CHANGE,
        T.WISH,
    }
)
IN_USE_ZIPF = 3.5  # a word that people write this often is no slip
LONGEST = 5
MOST_PARTS = 3  # words of a name in pinyin
BySound: TypeAlias = Mapping[str, frozenset[Words]]


@cache
def _syllables() -> tuple[list[int], list[str]]:
    starts = [(_code(entry[-1]), entry[:-1]) for entry in _FIRST.split()]
    return [code for code, _ in starts], [syllable for _, syllable in starts]


def _code(char: str) -> int:
    """Its place in GB 2312, or 0."""
    raw = char.encode("gb2312", "ignore")
    return raw[0] << 8 | raw[1] if len(raw) == 2 else 0


@cache
def pinyin(char: str) -> str:
    """The syllable of a common character without its tone; "" for any other. Of several readings, one."""
    codes, syllables = _syllables()
    code = _code(char)
    return syllables[bisect_right(codes, code) - 1] if 0xB0A1 <= code <= 0xD7F9 else ""


def sound(text: str) -> str:
    """The syllables of a text as they are easily confused; "" where one is not known."""
    spoken = [pinyin(char) for char in text]
    return " ".join(map(_blurred, spoken)) if all(spoken) else ""


@cache
def _blurred(syllable: str) -> str:
    for precise, loose in _ALIKE:
        syllable = syllable.replace(precise, loose)
    return syllable


def by_sound(phrases: Phrases) -> tuple[BySound, BySound]:
    """The Chinese phrases that name something, by how they sound and by their pinyin in one word."""
    heard, written = (dict(told) for told in _of_language(phrases.shared))
    for words, senses in phrases.own.items():
        for told, spoken in zip((heard, written), _spoken(words), strict=False):
            others = told.pop(spoken, frozenset()) - {words}
            if found := others | {words} if _names(senses or ()) else others:
                told[spoken] = found
    return heard, written


_CALENDAR = (
    "今年", "去年", "前年", "明年", "上半年", "下半年", "上个月", "这个月",
    "上周", "本周", "年初", "年底", "月底", "全年",
)  # fmt: skip


@cache
def _of_language(shared: SharedPhrases) -> tuple[BySound, BySound]:
    heard: dict[str, set[Words]] = defaultdict(set)
    written: dict[str, set[Words]] = defaultdict(set)
    for words, senses in shared.readings.items():
        for told, spoken in zip((heard, written), _spoken(words) if _names(senses) else (), strict=False):
            told[spoken].add(words)
    for word in _CALENDAR:
        heard[sound(word)].add(tuple(word))
    return _frozen(heard), _frozen(written)


def _frozen(told: Mapping[str, set[Words]]) -> BySound:
    return {spoken: frozenset(found) for spoken, found in told.items()}


def _spoken(words: Words) -> tuple[str, ...]:
    """The sound of a Chinese phrase and its pinyin in one word; nothing of any other."""
    if not 2 <= len(words) <= LONGEST or any(len(w) > 1 or w.isascii() for w in words):
        return ()
    heard = sound("".join(words))
    return (heard, "".join(map(pinyin, words))) if heard else ()


def _names(senses: Sequence[Sense]) -> bool:
    return any(sense.type in _CONTENT for sense in senses)


def by_pinyin(phrases: Phrases) -> BySound:
    """What is stored in Chinese, by its pinyin in one word: "shanghai" for 上海, "wangxiaoyan" for 王晓燕."""
    written: dict[str, set[Words]] = defaultdict(set)
    for words, senses in phrases.of(T.VALUE, T.RECORD):
        stored = any(sense.type in (T.VALUE, T.RECORD) and sense.how == "exact" for sense in senses)
        if stored and len(words) > 1 and all(len(word) == 1 and pinyin(word) for word in words):
            written["".join(map(pinyin, words))].add(words)
    return _frozen(written)


def respell(
    tokens: Sequence[Token],
    tags: Iterable[Tag],
    heard: BySound,
    written: BySound,
    stored: BySound,
) -> tuple[list[Token], list[tuple[str, str]]]:
    """The tokens with each unknown stretch as the one phrase that sounds so, and what was changed."""
    unknown = {tag.start for tag in tags if tag.type is T.UNKNOWN}
    is_chinese = any(token.script == "cjk" for token in tokens)
    out, repairs = list(tokens), list[tuple[str, str]]()
    for at in sorted(unknown, reverse=True):
        if tokens[at].script == "latin" and is_chinese:
            found = written.get(tokens[at].text, frozenset())
            start, end = at, at + 1
        elif tokens[at].script == "latin":
            start, end, found = _romanised(tokens, at, stored)
        elif tokens[at].script == "cjk":
            start, end, found = _window(tokens, at, heard)
        else:
            continue
        if len(found) == 1:
            (words,) = found
            between = "" if tokens[at].script == "cjk" else " "
            typed = between.join(token.raw for token in tokens[start:end])
            out[start:end] = [replace(tokens[start], text=word, raw=word, script="cjk") for word in words]
            repairs.insert(0, (typed, "".join(words)))
    return out, repairs


def _romanised(tokens: Sequence[Token], at: int, stored: BySound) -> tuple[int, int, frozenset[Words]]:
    """As in "Shanghai", "Wang Xiaoyan", "Xiaoyan Wang": what is stored in Chinese, a name in either order."""
    for end in range(min(at + MOST_PARTS, len(tokens)), at, -1):
        parts = [token.text for token in tokens[at:end]]
        if all(token.script == "latin" for token in tokens[at:end]):
            found = stored.get("".join(parts), frozenset()) | stored.get("".join([parts[-1], *parts[:-1]]), frozenset())
            if found:
                return at, end, found
    return at, at + 1, frozenset()


def _window(tokens: Sequence[Token], at: int, heard: BySound) -> tuple[int, int, frozenset[Words]]:
    """The longest stretch around an unknown character that sounds like a phrase, unless it is a word itself."""
    for size in range(LONGEST, 1, -1):
        for start in range(max(0, at - size + 1), at + 1):
            stretch = tokens[start : start + size]
            if len(stretch) < size or any(token.script != "cjk" for token in stretch):
                continue
            text = "".join(token.text for token in stretch)
            found = heard.get(sound(text), frozenset()) - {tuple(text)} if sound(text) else frozenset()
            if found and not _is_in_use(text):
                return start, start + size, found
    return at, at + 1, frozenset()


def _is_in_use(text: str) -> bool:
    from wordfreq import get_frequency_dict

    return bool(get_frequency_dict("zh", "best").get(text, 0.0) >= 10 ** (IN_USE_ZIPF - 9))
