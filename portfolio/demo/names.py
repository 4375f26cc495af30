"""Words that names of people, places and projects are composed of, in both languages."""

from __future__ import annotations

from typing import NamedTuple

SURNAMES: tuple[tuple[str, str], ...] = (
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"), ("黄", "Huang"), ("赵", "Zhao"),
    ("吴", "Wu"), ("周", "Zhou"), ("徐", "Xu"), ("孙", "Sun"), ("马", "Ma"), ("朱", "Zhu"), ("胡", "Hu"), ("郭", "Guo"), ("何", "He"),
    ("林", "Lin"), ("高", "Gao"), ("梁", "Liang"), ("郑", "Zheng"), ("罗", "Luo"), ("宋", "Song"), ("谢", "Xie"), ("唐", "Tang"),
    ("韩", "Han"), ("曹", "Cao"), ("许", "Xu"), ("邓", "Deng"), ("萧", "Xiao"), ("冯", "Feng"), ("曾", "Zeng"), ("程", "Cheng"),
    ("蔡", "Cai"), ("彭", "Peng"), ("潘", "Pan"), ("袁", "Yuan"), ("董", "Dong"), ("余", "Yu"), ("苏", "Su"),
)
GIVEN: tuple[tuple[str, str], ...] = (
    ("伟", "Wei"), ("芳", "Fang"), ("娜", "Na"), ("敏", "Min"), ("静", "Jing"), ("丽", "Li"), ("强", "Qiang"), ("磊", "Lei"), ("洋", "Yang"),
    ("艳", "Yan"), ("勇", "Yong"), ("军", "Jun"), ("杰", "Jie"), ("娟", "Juan"), ("涛", "Tao"), ("明", "Ming"), ("超", "Chao"), ("秀", "Xiu"),
    ("霞", "Xia"), ("平", "Ping"), ("刚", "Gang"), ("桂", "Gui"), ("文博", "Wenbo"), ("子涵", "Zihan"), ("思雨", "Siyu"), ("浩宇", "Haoyu"),
    ("欣怡", "Xinyi"), ("俊杰", "Junjie"), ("雨桐", "Yutong"), ("建华", "Jianhua"), ("志强", "Zhiqiang"), ("海燕", "Haiyan"),
    ("晓东", "Xiaodong"), ("春梅", "Chunmei"), ("立群", "Liqun"), ("国栋", "Guodong"), ("佳宁", "Jianing"), ("天宇", "Tianyu"),
    ("若彤", "Ruotong"), ("景行", "Jingxing"), ("一诺", "Yinuo"), ("书瑶", "Shuyao"), ("泽楷", "Zekai"), ("清扬", "Qingyang"),
)


class Place(NamedTuple):
    """A town with its country and currency."""

    zh: str
    en: str
    country: str = "中国"
    currency: str = "CNY"


PLACES: tuple[Place, ...] = tuple(
    Place(*pair)
    for pair in (
        ("苏州", "Suzhou"), ("无锡", "Wuxi"), ("宁波", "Ningbo"), ("合肥", "Hefei"), ("武汉", "Wuhan"), ("长沙", "Changsha"), ("成都", "Chengdu"),
        ("重庆", "Chongqing"), ("西安", "Xi'an"), ("郑州", "Zhengzhou"), ("青岛", "Qingdao"), ("大连", "Dalian"), ("天津", "Tianjin"),
        ("南京", "Nanjing"), ("杭州", "Hangzhou"), ("厦门", "Xiamen"), ("佛山", "Foshan"), ("东莞", "Dongguan"), ("惠州", "Huizhou"),
        ("南宁", "Nanning"), ("昆明", "Kunming"), ("贵阳", "Guiyang"), ("兰州", "Lanzhou"), ("银川", "Yinchuan"), ("呼和浩特", "Hohhot"),
        ("沈阳", "Shenyang"), ("长春", "Changchun"), ("济南", "Jinan"), ("石家庄", "Shijiazhuang"), ("太原", "Taiyuan"), ("南昌", "Nanchang"),
        ("福州", "Fuzhou"), ("海口", "Haikou"), ("珠海", "Zhuhai"),
    )
)
ABROAD: tuple[Place, ...] = (
    Place("利雅得", "Riyadh", "沙特阿拉伯", "SAR"), Place("达曼", "Dammam", "沙特阿拉伯", "SAR"), Place("慕尼黑", "Munich", "德国", "EUR"),
    Place("鹿特丹", "Rotterdam", "荷兰", "EUR"), Place("伯明翰", "Birmingham", "英国", "GBP"), Place("休斯敦", "Houston", "美国", "USD"),
)

# Business unit -> (project type, object in Chinese, object in English).
OBJECTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "AUT": (
        ("product", "混动变速箱", "hybrid gearbox"), ("product", "热泵空调", "heat-pump climate unit"), ("product", "电驱总成", "e-drive unit"),
        ("product", "线控底盘", "by-wire chassis"), ("operations", "焊装线", "body line"), ("operations", "涂装线", "paint line"),
        ("it", "质量追溯系统", "quality traceability"), ("it", "经销商平台", "dealer platform"), ("construction", "电芯车间", "cell workshop"),
        ("compliance", "碳足迹", "carbon footprint"),
    ),
    "RET": (
        ("it", "会员平台", "member platform"), ("it", "门店系统", "store system"), ("it", "供应商协同平台", "supplier portal"),
        ("operations", "前置仓", "forward warehouse"), ("operations", "生鲜损耗", "fresh-food waste"), ("construction", "区域仓", "regional warehouse"),
        ("construction", "旗舰店", "flagship store"), ("transformation", "店长责任制", "store-manager model"), ("compliance", "食品追溯", "food traceability"),
    ),
    "ENG": (
        ("construction", "综合管廊", "utility tunnel"), ("construction", "医院住院楼", "hospital ward block"), ("construction", "会展中心", "exhibition centre"),
        ("construction", "污水处理厂", "water treatment plant"), ("construction", "数据中心机楼", "data-centre building"), ("it", "项目成本系统", "project cost system"),
        ("compliance", "劳务实名制", "site workforce register"), ("operations", "装配式构件厂", "precast plant"),
    ),
    "ENE": (
        ("construction", "分布式光伏", "rooftop solar"), ("construction", "风电场", "wind farm"), ("construction", "储能电站", "battery storage"),
        ("construction", "充电站", "charging hub"), ("it", "能源管理平台", "energy management platform"), ("operations", "机组能效", "unit efficiency"),
        ("compliance", "碳资产", "carbon asset"), ("transformation", "电力交易", "power trading"),
    ),
    "TEL": (
        ("construction", "核心机房", "core site"), ("construction", "传输环网", "transport ring"), ("construction", "室内覆盖", "indoor coverage"),
        ("it", "网络切片平台", "network slicing"), ("it", "计费系统", "billing system"), ("operations", "客户投诉", "complaint handling"),
        ("product", "工业网关", "industrial gateway"), ("compliance", "通信安全", "network security"),
    ),
    "CHE": (
        ("construction", "乙烯装置", "ethylene unit"), ("construction", "罐区", "tank farm"), ("operations", "蒸汽系统", "steam system"),
        ("operations", "催化剂消耗", "catalyst use"), ("it", "实验室系统", "laboratory system"), ("it", "先进控制", "advanced process control"),
        ("compliance", "危险化学品", "hazardous chemicals"), ("product", "生物基材料", "bio-based material"),
    ),
    "GRP": (
        ("it", "合同管理系统", "contract management"), ("it", "费用报销平台", "expense platform"), ("it", "数据治理", "data governance"),
        ("transformation", "共享服务", "shared services"), ("transformation", "干部培养", "leadership pipeline"), ("compliance", "内控", "internal control"),
        ("operations", "集中采购", "central procurement"),
    ),
}
# Project type -> (Chinese, English) of what is done to the object.
WORKS: dict[str, tuple[tuple[str, str], ...]] = {
    "product": (("开发", "development"), ("换代", "renewal"), ("国产化", "localisation"), ("平台化", "platform")),
    "it": (("建设", "build"), ("升级", "upgrade"), ("整合", "consolidation"), ("推广", "roll-out")),
    "construction": (("新建", "construction"), ("扩建", "extension"), ("改造", "refurbishment"), ("搬迁", "relocation")),
    "operations": (("自动化改造", "automation"), ("提效", "efficiency"), ("降本", "cost reduction")),
    "compliance": (("整改", "remediation"), ("认证", "certification"), ("评估", "assessment")),
    "transformation": (("流程再造", "process redesign"), ("试点", "pilot"), ("能力建设", "capability build-up")),
}
PHASES: tuple[tuple[str, str], ...] = (("", ""), ("二期", "phase 2"), ("三期", "phase 3"), ("四期", "phase 4"))

# Project type -> weeks (shortest, longest) and milestones as (name, share of the plan, key).
TEMPLATES: dict[str, tuple[tuple[int, int], tuple[tuple[str, float, bool], ...]]] = {
    "product": ((52, 110), (
        ("概念决策 CDCP", 0.06, False), ("计划决策 PDCP", 0.20, False), ("A 样完成", 0.35, False), ("B 样完成", 0.50, False),
        ("设计验证 DV 完成", 0.66, False), ("生产验证 PV 完成", 0.82, False), ("量产 SOP", 1.0, True),
    )),
    "it": ((30, 78), (
        ("需求冻结", 0.12, False), ("方案评审通过", 0.24, False), ("开发过半", 0.40, False), ("开发完成", 0.58, False),
        ("集成测试通过", 0.72, False), ("用户验收", 0.84, False), ("上线", 0.92, True), ("推广完成", 1.0, False),
    )),
    "construction": ((56, 130), (
        ("开工", 0.06, False), ("基础完成", 0.24, False), ("主体过半", 0.40, False), ("主体完成", 0.56, False),
        ("机电安装完成", 0.74, False), ("竣工验收", 0.90, True), ("移交", 1.0, True),
    )),
    "transformation": ((30, 70), (
        ("现状诊断", 0.15, False), ("方案批准", 0.30, False), ("试点启动", 0.42, False), ("试点复盘", 0.58, False), ("推广过半", 0.78, False),
        ("全面切换", 1.0, True),
    )),
    "operations": ((26, 60), (
        ("基线测定", 0.15, False), ("方案确认", 0.30, False), ("首条线达标", 0.50, False), ("半数达标", 0.75, False), ("全部达标", 1.0, True),
    )),
    "compliance": ((26, 60), (
        ("差距评估", 0.15, False), ("整改方案批准", 0.32, False), ("整改过半", 0.50, False), ("整改完成", 0.70, True), ("内部复核", 0.85, False),
        ("外部审核通过", 1.0, True),
    )),
}

# Decisions asked for in a variant: title, background.
QUESTIONS: tuple[tuple[str, str], ...] = (
    ("是否追加一名专职人员", "关键路径由一人承担，追加后可补回 5 个工作日。"),
    ("是否更换供应商", "现供应商连续两批延期，更换须重新认证。"),
    ("范围是否削减两项", "削减后按期，推迟到二期补做。"),
    ("是否批准加班预算", "两个周末加班可补回 4 个工作日。"),
    ("验收标准以哪一版为准", "业务与质量部门各执一版。"),
)
