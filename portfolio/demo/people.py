"""The people of the demo: names in both languages, position, unit, line manager, roles. All of them are invented."""

from __future__ import annotations

from typing import NamedTuple

from pmo.core.access.roles import Role


class Somebody(NamedTuple):
    """One person. `manager` is a staff number; `grants` are (role, unit code), "" for the whole organisation."""

    code: str
    zh: str
    en: str
    title: str
    unit: str
    manager: str = ""
    grants: tuple[tuple[str, str], ...] = ()


EXECUTIVES: tuple[Somebody, ...] = (
    Somebody("Q1001", "王志远", "Wang Zhiyuan", "集团总裁", "QL", "", ((Role.EXECUTIVE, ""),)),
    Somebody("Q1002", "孙蔚", "Sun Wei", "首席财务官", "GRP-FI", "Q1001", ((Role.EXECUTIVE, ""),)),
    Somebody("Q1003", "方毅", "Fang Yi", "战略与投资总监", "GRP-ST", "Q1001"),
    Somebody("Q1004", "李岚", "Li Lan", "汽车事业部总经理", "AUT", "Q1001"),
    Somebody("Q1005", "赵明", "Zhao Ming", "零售事业部首席运营官", "RET", "Q1001"),
    Somebody("Q1006", "梁振国", "Liang Zhenguo", "工程事业部总经理", "ENG", "Q1001", ((Role.EXECUTIVE, "ENG"),)),
    Somebody("Q1007", "顾文清", "Gu Wenqing", "能源事业部总经理", "ENE", "Q1001", ((Role.EXECUTIVE, "ENE"),)),
    Somebody("Q1008", "潘立新", "Pan Lixin", "通信事业部总经理", "TEL", "Q1001", ((Role.EXECUTIVE, "TEL"),)),
    Somebody("Q1009", "秦海峰", "Qin Haifeng", "化工事业部总经理", "CHE", "Q1001", ((Role.EXECUTIVE, "CHE"),)),
    Somebody("Q1010", "叶青", "Ye Qing", "首席信息官", "GRP-IT", "Q1001"),
    Somebody("Q1011", "冯雅", "Feng Ya", "首席人力资源官", "GRP-HR", "Q1001"),
)

PMO: tuple[Somebody, ...] = (
    Somebody("Q1101", "苏晴", "Su Qing", "PMO 负责人", "GRP-PM", "Q1001", ((Role.PMO_ADMIN, ""),)),
    Somebody("Q1102", "邓一鸣", "Deng Yiming", "PMO 分析师", "GRP-PM", "Q1101", ((Role.PMO_ANALYST, ""),)),
    Somebody("Q1103", "曹颖", "Cao Ying", "PMO 分析师", "GRP-PM", "Q1101", ((Role.PMO_ANALYST, ""),)),
    Somebody("Q1104", "何磊", "He Lei", "项目协调员", "GRP-PM", "Q1101"),
    Somebody("Q1105", "魏然", "Wei Ran", "项目协调员", "GRP-PM", "Q1101"),
    Somebody("Q1106", "彭程", "Peng Cheng", "资源经理", "GRP-PM", "Q1101", ((Role.RESOURCE_MANAGER, ""),)),
    Somebody("Q1107", "田野", "Tian Ye", "内部审计经理", "GRP-AU", "Q1002", ((Role.AUDITOR, ""),)),
)

PROJECT_MANAGERS: tuple[Somebody, ...] = (
    Somebody("Q2001", "周启明", "Zhou Qiming", "高级项目经理", "AUT-RD", "Q1004"),
    Somebody("Q2002", "林若溪", "Lin Ruoxi", "项目经理", "AUT-EE", "Q1004"),
    Somebody("Q2003", "罗丹", "Luo Dan", "项目经理", "RET-DG", "Q1005"),
    Somebody("Q2004", "何嘉禾", "He Jiahe", "项目经理", "RET-DG", "Q1005"),
    Somebody("Q2005", "陈思远", "Chen Siyuan", "高级项目经理", "RET-DG", "Q1005"),
    Somebody("Q2006", "孙一帆", "Sun Yifan", "项目经理", "RET-LG", "Q1005"),
    Somebody("Q2007", "唐建国", "Tang Jianguo", "高级项目经理", "ENG-CV", "Q1006"),
    Somebody("Q2008", "韩雪", "Han Xue", "高级项目经理", "ENE-RN", "Q1007"),
    Somebody("Q2009", "董立", "Dong Li", "项目经理", "ENE-CB", "Q1007"),
    Somebody("Q2010", "吴浩然", "Wu Haoran", "项目经理", "TEL-NW", "Q1008"),
    Somebody("Q2011", "高敏", "Gao Min", "项目经理", "TEL-NW", "Q1008"),
    Somebody("Q2012", "马骏", "Ma Jun", "项目经理", "TEL-OP", "Q1008"),
    Somebody("Q2013", "郑海涛", "Zheng Haitao", "高级项目经理", "CHE-IT", "Q1009"),
    Somebody("Q2014", "谢宁", "Xie Ning", "高级项目经理", "GRP-IT", "Q1010"),
    Somebody("Q2015", "徐静", "Xu Jing", "项目经理", "GRP-PM", "Q1101"),
    Somebody("Q2016", "蒋欣", "Jiang Xin", "项目经理", "GRP-HR", "Q1011"),
    Somebody("Q2017", "石磊", "Shi Lei", "项目经理", "AUT-MF", "Q1004"),
    Somebody("Q2018", "贺琳", "He Lin", "项目经理", "GRP-IT", "Q1010"),
    Somebody("Q2019", "傅凯", "Fu Kai", "项目经理", "ENG-ME", "Q1006"),
    Somebody("Q2020", "任远", "Ren Yuan", "项目经理", "ENE-RN", "Q1007"),
    Somebody("Q2021", "卢珊", "Lu Shan", "项目经理", "CHE-HS", "Q1009"),
    Somebody("Q2022", "钟诚", "Zhong Cheng", "项目经理", "GRP-FI", "Q1002"),
    Somebody("Q2023", "崔妍", "Cui Yan", "项目经理", "RET-DG", "Q1005"),
    Somebody("Q2024", "范哲", "Fan Zhe", "项目经理", "AUT-RD", "Q1004"),
)

SPECIALISTS: tuple[Somebody, ...] = (
    Somebody("Q3001", "沈立", "Shen Li", "试验工程师", "AUT-RD", "Q2001"),
    Somebody("Q3002", "赵鹏", "Zhao Peng", "现场工程师", "ENE-RN", "Q2008"),
    Somebody("Q3003", "宋佳", "Song Jia", "标定工程师", "AUT-EE", "Q2002"),
    Somebody("Q3004", "丁浩", "Ding Hao", "结构工程师", "ENG-CV", "Q2007"),
    Somebody("Q3005", "夏冰", "Xia Bing", "接口工程师", "RET-DG", "Q2003"),
    Somebody("Q3006", "姚远", "Yao Yuan", "算法工程师", "RET-DG", "Q2004"),
    Somebody("Q3007", "邹敏", "Zou Min", "采购经理", "GRP-FI", "Q1002"),
    Somebody("Q3008", "万里", "Wan Li", "网络规划工程师", "TEL-NW", "Q2010"),
    Somebody("Q3009", "尹航", "Yin Hang", "数据架构师", "GRP-IT", "Q2014"),
    Somebody("Q3010", "黎明", "Li Ming", "SAP 顾问", "CHE-IT", "Q2013"),
    Somebody("Q3011", "段誉文", "Duan Yuwen", "仓储自动化工程师", "RET-LG", "Q2006"),
    Somebody("Q3012", "侯晓", "Hou Xiao", "碳核算专员", "ENE-CB", "Q2009"),
    Somebody("Q3013", "龚雪", "Gong Xue", "质量工程师", "AUT-MF", "Q2017"),
    Somebody("Q3014", "史航", "Shi Hang", "安全工程师", "GRP-IT", "Q2018"),
    Somebody("Q3015", "陶然", "Tao Ran", "机电工程师", "ENG-ME", "Q2019"),
    Somebody("Q3016", "莫菲", "Mo Fei", "培训专员", "GRP-HR", "Q2016"),
    Somebody("Q3017", "白桦", "Bai Hua", "工艺安全工程师", "CHE-HS", "Q2021"),
    Somebody("Q3018", "康宁", "Kang Ning", "运维工程师", "TEL-OP", "Q2012"),
    Somebody("Q3019", "邵阳", "Shao Yang", "流程顾问", "GRP-PM", "Q2015"),
    Somebody("Q3020", "章文", "Zhang Wen", "法务顾问", "GRP-AU", "Q1002"),
    Somebody("Q3021", "祝融", "Zhu Rong", "海外施工经理", "ENE-RN", "Q2008"),
    Somebody("Q3022", "纪云", "Ji Yun", "门店运营经理", "RET", "Q1005"),
)

PEOPLE: tuple[Somebody, ...] = (*EXECUTIVES, *PMO, *PROJECT_MANAGERS, *SPECIALISTS)
BY_NAME: dict[str, str] = {person.zh: person.code for person in PEOPLE}
