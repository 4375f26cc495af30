"""The syllables of Mandarin, and the ways in which a run of letters can be read as such."""

from __future__ import annotations

from functools import cache

_BY_FIRST = (
    "a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng cha chai "
    "chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu cuan cui cun cuo "
    "da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo e ei en eng er fa fan "
    "fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han "
    "hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju "
    "juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng "
    "li lia lian liang liao lie lin ling liu lo long lou lu luan lue lun luo lv ma mai man mang mao me mei men meng mi mian "
    "miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan "
    "nue nuo nv o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing "
    "qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng sha "
    "shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun "
    "suo ta tai tan tang tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi "
    "xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za "
    "zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang "
    "zhui zhun zhuo zi zong zou zu zuan zui zun zuo"
)
SYLLABLES = frozenset(_BY_FIRST.split())
_LONGEST = 6
_BEGINNINGS = frozenset(syllable[:size] for syllable in SYLLABLES for size in range(1, len(syllable) + 1))
MOST_READINGS = 6


@cache
def begun_with(letters: str) -> tuple[str, ...]:
    """The syllables that begin so.

    >>> begun_with("lon")
    ('long',)
    """
    return tuple(sorted(syllable for syllable in SYLLABLES if syllable.startswith(letters)))


def readings(letters: str) -> list[list[str]]:
    """Ways to read the letters as syllables, the last of which may be cut short; those of few syllables first.

    >>> readings("xian")
    [['xian'], ['xi', 'an']]
    """
    found: list[list[str]] = []
    _read(letters, [], found)
    return sorted(found, key=len)[:MOST_READINGS]


def _read(rest: str, before: list[str], found: list[list[str]]) -> None:
    if not rest:
        found.append(before)
        return
    if len(found) > 4 * MOST_READINGS:
        return
    for size in range(min(_LONGEST, len(rest)), 0, -1):
        piece = rest[:size]
        if piece in SYLLABLES or (size == len(rest) and before and piece in _BEGINNINGS):
            _read(rest[size:], [*before, piece], found)
    if not before and rest in _BEGINNINGS and rest not in SYLLABLES:
        found.append([rest])
