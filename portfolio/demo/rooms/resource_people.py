"""The resource pool of the demo: roles, skills, engineers, certificates, equipment and its bookings. All of it is invented."""

from __future__ import annotations

from typing import NamedTuple

from portfolio.demo.people import Somebody

MANAGERS: tuple[Somebody, ...] = (
    Somebody("Q4001", "严冬梅", "Yan Dongmei", "汽车研发资源经理", "AUT", "Q1004", (("resource_manager", "AUT"),)),
    Somebody("Q4002", "关山", "Guan Shan", "网络资源经理", "TEL", "Q1008", (("resource_manager", "TEL"),)),
)


class Role(NamedTuple):
    """A generic role: code, names, cost per hour (CNY), codes of the skills its people have, names of their certificates."""

    code: str
    zh: str
    en: str
    rate: int
    skills: tuple[str, ...]
    certificates: tuple[str, ...] = ()


ROLES: tuple[Role, ...] = (
    Role("PM", "项目经理", "Project manager", 380, ("PLN", "RSK", "NEG"), ("PMP", "PRINCE2", "ACP")),
    Role("TST", "试验工程师", "Test engineer", 260, ("DVT", "HVS", "DAQ"), ("HVE", "ISTQB")),
    Role("CAL", "标定工程师", "Calibration engineer", 290, ("CAL", "DAQ", "PYT"), ("HVE",)),
    Role("STR", "结构工程师", "Structural engineer", 270, ("BIM", "GEO", "PLN"), ("RCE",)),
    Role("MEP", "机电工程师", "E&M engineer", 250, ("BIM", "HVS", "COM"), ("RCE", "HVE")),
    Role("SIT", "现场工程师", "Site engineer", 230, ("HSE", "COM", "ARA"), ("HWK", "HVE")),
    Role("NET", "网络工程师", "Network engineer", 260, ("RAN", "COR", "PYT"), ("HCIE", "HWK")),
    Role("SWE", "软件工程师", "Software engineer", 300, ("JAV", "PYT", "API"), ("ACP",)),
    Role("DAT", "数据架构师", "Data architect", 340, ("SQL", "PYT", "API"), ("CDMP",)),
    Role("SAP", "业务系统顾问", "Application consultant", 360, ("ERP", "SQL", "NEG"), ("SAPC",)),
    Role("SEC", "安全工程师", "Security engineer", 330, ("SEC", "API", "RSK"), ("CISSP",)),
    Role("PRO", "工艺与质量工程师", "Process and quality engineer", 240, ("SPC", "HSE", "COM"), ("SIXS",)),
    Role("LOG", "物流自动化工程师", "Logistics automation engineer", 270, ("ROB", "PLC", "API"), ("HVE",)),
    Role("BUS", "业务专员", "Business specialist", 190, ("NEG", "PRC", "SQL")),
)

SKILLS: tuple[tuple[str, str, str, str], ...] = (
    ("PLN", "进度计划", "Scheduling", "management"),
    ("RSK", "风险管理", "Risk management", "management"),
    ("NEG", "跨部门协调", "Negotiation", "management"),
    ("DVT", "DV/PV 试验设计", "DV and PV test design", "testing"),
    ("HVS", "高压安全", "High-voltage safety", "site"),
    ("DAQ", "数据采集", "Data acquisition", "testing"),
    ("CAL", "整车标定", "Vehicle calibration", "testing"),
    ("BIM", "BIM 建模", "BIM modelling", "engineering"),
    ("GEO", "岩土与基坑", "Ground and pit works", "engineering"),
    ("COM", "调试与验收", "Commissioning", "engineering"),
    ("HSE", "现场安全管理", "Site safety", "site"),
    ("ARA", "阿拉伯语", "Arabic", "business"),
    ("RAN", "无线网优化", "Radio optimisation", "engineering"),
    ("COR", "核心网", "Core network", "engineering"),
    ("PYT", "Python", "Python", "software"),
    ("JAV", "Java", "Java", "software"),
    ("API", "接口集成", "Interface integration", "software"),
    ("SQL", "数据建模与 SQL", "Data modelling and SQL", "software"),
    ("ERP", "SAP S/4HANA", "SAP S/4HANA", "software"),
    ("SEC", "安全攻防", "Security testing", "software"),
    ("SPC", "统计过程控制", "Statistical process control", "engineering"),
    ("ROB", "机器人调度", "Robot fleet control", "engineering"),
    ("PLC", "PLC 编程", "PLC programming", "engineering"),
    ("PRC", "流程梳理", "Process mapping", "business"),
)

# Key -> name, issued by, years it holds.
CERTIFICATES: dict[str, tuple[str, str, int]] = {
    "PMP": ("PMP", "PMI", 3),
    "PRINCE2": ("PRINCE2 Practitioner", "PeopleCert", 3),
    "ACP": ("PMI-ACP", "PMI", 3),
    "HVE": ("高压电工作业证", "应急管理部", 3),
    "HWK": ("高处作业证", "应急管理部", 3),
    "RCE": ("一级注册建造师", "住房和城乡建设部", 3),
    "ISTQB": ("ISTQB 高级测试", "ISTQB", 4),
    "HCIE": ("HCIE 无线", "华为认证", 3),
    "CDMP": ("CDMP", "DAMA", 3),
    "SAPC": ("SAP 认证顾问", "SAP", 2),
    "CISSP": ("CISSP", "ISC2", 3),
    "SIXS": ("六西格玛黑带", "中国质量协会", 5),
}

# Specialists of the registry -> role; everybody else follows from the crew, project managers are PM.
SPECIALIST_ROLES: dict[str, str] = {
    "Q3001": "TST",
    "Q3002": "SIT",
    "Q3003": "CAL",
    "Q3004": "STR",
    "Q3005": "SWE",
    "Q3006": "SWE",
    "Q3007": "BUS",
    "Q3008": "NET",
    "Q3009": "DAT",
    "Q3010": "SAP",
    "Q3011": "LOG",
    "Q3012": "BUS",
    "Q3013": "PRO",
    "Q3014": "SEC",
    "Q3015": "MEP",
    "Q3016": "BUS",
    "Q3017": "PRO",
    "Q3018": "NET",
    "Q3019": "BUS",
    "Q3020": "BUS",
    "Q3021": "SIT",
    "Q3022": "BUS",
}

# Unit -> location, and its engineers: name in Chinese and English, role.
CREWS: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "AUT-RD": (
        "上海嘉定",
        (
            ("乔磊", "Qiao Lei", "TST"),
            ("温婷", "Wen Ting", "TST"),
            ("柳承志", "Liu Chengzhi", "TST"),
            ("阮棠", "Ruan Tang", "STR"),
            ("路遥", "Lu Yao", "CAL"),
        ),
    ),
    "AUT-EE": (
        "上海嘉定",
        (
            ("简宁", "Jian Ning", "CAL"),
            ("牧野", "Mu Ye", "SWE"),
            ("苗青", "Miao Qing", "SWE"),
            ("向晨", "Xiang Chen", "TST"),
        ),
    ),
    "AUT-MF": ("常州", (("桑榆", "Sang Yu", "PRO"), ("游川", "You Chuan", "MEP"), ("岳峰", "Yue Feng", "PRO"))),
    "RET-DG": (
        "杭州",
        (
            ("凌波", "Ling Bo", "SWE"),
            ("卓然", "Zhuo Ran", "SWE"),
            ("盛夏", "Sheng Xia", "SWE"),
            ("闻静", "Wen Jing", "DAT"),
            ("穆清", "Mu Qing", "BUS"),
        ),
    ),
    "RET-LG": ("嘉兴", (("农建", "Nong Jian", "LOG"), ("车行", "Che Xing", "LOG"))),
    "ENG-CV": ("武汉", (("牛刚", "Niu Gang", "STR"), ("石川", "Shi Chuan", "SIT"), ("房琳", "Fang Lin", "STR"))),
    "ENG-ME": ("武汉", (("倪涛", "Ni Tao", "MEP"), ("安泰", "An Tai", "MEP"))),
    "ENE-RN": ("西安", (("边疆", "Bian Jiang", "SIT"), ("骆宾", "Luo Bin", "MEP"), ("沙鸥", "Sha Ou", "SIT"))),
    "ENE-CB": ("西安", (("青禾", "Qing He", "BUS"),)),
    "TEL-NW": ("南京", (("江岸", "Jiang An", "NET"), ("常乐", "Chang Le", "NET"), ("言溪", "Yan Xi", "NET"))),
    "TEL-OP": ("南京", (("申时", "Shen Shi", "NET"), ("甘露", "Gan Lu", "DAT"))),
    "CHE-IT": ("宁波", (("仲夏", "Zhong Xia", "SAP"), ("管理文", "Guan Liwen", "SWE"))),
    "CHE-HS": ("宁波", (("全安", "Quan An", "PRO"), ("荆北", "Jing Bei", "SIT"))),
    "GRP-IT": (
        "上海",
        (
            ("殷实", "Yin Shi", "SWE"),
            ("时雨", "Shi Yu", "DAT"),
            ("裴然", "Pei Ran", "SAP"),
            ("齐鸣", "Qi Ming", "SEC"),
        ),
    ),
}


class Rig(NamedTuple):
    """Equipment: code, names, kind, unit, location, items, hours to set up and to tear down."""

    code: str
    zh: str
    en: str
    kind: str
    unit: str
    location: str
    capacity: int = 1
    setup: int = 0
    teardown: int = 0


RIGS: tuple[Rig, ...] = (
    Rig("RIG-01", "三电与座舱综合测试台架", "E-drive and cockpit test rig", "test_rig", "AUT-RD", "上海嘉定", 3, 16, 8),
    Rig("RIG-02", "整车环境仓", "Vehicle climate chamber", "laboratory", "AUT-RD", "上海嘉定", 1, 8, 8),
    Rig("RIG-03", "电磁兼容暗室", "EMC chamber", "laboratory", "AUT-EE", "上海嘉定", 1, 8, 0),
    Rig("RIG-04", "工程样车", "Prototype vehicles", "vehicle", "AUT-RD", "上海嘉定", 6),
    Rig("RIG-05", "电芯充放电测试柜", "Cell cyclers", "test_rig", "AUT-MF", "常州", 8, 4, 4),
    Rig("RIG-06", "无人收银样板店", "Unmanned-checkout lab store", "laboratory", "RET-DG", "杭州", 1, 16, 8),
    Rig("RIG-07", "仓储机器人试验场", "Warehouse-robot test field", "laboratory", "RET-LG", "嘉兴", 1, 8, 8),
    Rig("RIG-08", "核心网测试床", "Core-network test bed", "environment", "TEL-NW", "南京", 1, 8, 0),
    Rig("RIG-09", "路测车", "Drive-test vehicles", "vehicle", "TEL-NW", "南京", 4),
    Rig("RIG-10", "自动化监测设备", "Automatic monitoring set", "instrument", "ENG-CV", "武汉", 2, 16, 8),
    Rig("RIG-11", "巡检无人机", "Inspection drones", "instrument", "ENE-RN", "西安", 2, 4, 0),
    Rig("RIG-12", "中试装置", "Pilot plant", "machine", "CHE-HS", "宁波", 1, 24, 16),
    Rig("RIG-13", "性能压测环境", "Load-test environment", "environment", "GRP-IT", "上海", 1, 8, 0),
)


class Window(NamedTuple):
    """A booking: rig, project, weeks from today in which it begins and ends, items, whether confirmed, what for."""

    rig: str
    project: str
    start: float
    end: float
    quantity: int = 1
    confirmed: bool = True
    note: str = ""


WINDOWS: tuple[Window, ...] = (
    Window("RIG-01", "NEV-01", -8, -5, 2, True, "DV 台架试验第一轮"),
    Window("RIG-01", "SCP-02", -7, -3, 1, True, "域控制器 B 样台架"),
    Window("RIG-01", "NEV-01", -4, -2.4, 2, True, "热管理标定"),
    Window("RIG-01", "SCP-02", -2, 1, 1, True, "座舱联合调试"),
    Window("RIG-01", "NEV-01", -1, 0.6, 1, True, "高压安全复测"),
    Window("RIG-01", "SCP-02", 2, 6, 3, True, "软件功能冻结前整机验证"),
    Window("RIG-01", "NEV-01", 1.4, 4, 2, False, "DV 台架试验后半程，与智能座舱争用"),
    Window("RIG-01", "NEV-01", 4.4, 7, 2, False, "设计验证 DV 收尾"),
    Window("RIG-01", "BAT-28", 8, 9.6, 1, True, "电池包振动试验"),
    Window("RIG-02", "NEV-01", -6, -4, 1, True, "低温冷启动"),
    Window("RIG-02", "SCP-02", -3, -1.6, 1, True, "显示屏低温试验"),
    Window("RIG-02", "NEV-01", 1, 3, 1, False, "高温热管理"),
    Window("RIG-02", "SCP-02", 2, 4, 1, False, "座舱温升试验"),
    Window("RIG-03", "SCP-02", -5, -4, 1, True, "域控制器辐射发射"),
    Window("RIG-03", "SCP-02", 3, 4.4, 1, True, "整车电磁兼容"),
    Window("RIG-03", "NEV-01", 4, 5.4, 1, False, "高压系统电磁兼容"),
    Window("RIG-04", "NEV-01", -6, 6, 3, True, "道路耐久"),
    Window("RIG-04", "SCP-02", -3, 5, 2, True, "实车标定"),
    Window("RIG-05", "BAT-28", -10, -2, 4, True, "循环寿命试验"),
    Window("RIG-05", "NEV-01", -4, 4, 3, True, "电芯准入试验"),
    Window("RIG-05", "BAT-28", -1, 6, 5, True, "快充试验"),
    Window("RIG-06", "UCK-04", -6, -3, 1, True, "识别准确率测试"),
    Window("RIG-06", "UCK-04", 0, 2, 1, True, "高峰客流压测"),
    Window("RIG-06", "AIS-25", 1, 3, 1, False, "智能补货联调"),
    Window("RIG-07", "WHR-06", -4, -1, 1, True, "机器人避障验证"),
    Window("RIG-07", "WHR-06", 1, 4, 1, True, "双十二前全流程演练"),
    Window("RIG-07", "WHF-27", 4, 6, 1, False, "货到人布局试验"),
    Window("RIG-08", "TWE-09", -5, -3, 1, True, "割接方案验证"),
    Window("RIG-08", "CPN-11", -2, 0.6, 1, True, "专网切片测试"),
    Window("RIG-08", "TWW-10", 0, 2, 1, False, "割接回退演练"),
    Window("RIG-08", "SLA-36", 3, 5, 1, True, "时延承诺验证"),
    Window("RIG-09", "TWE-09", -4, 3, 2, True, "东区路测"),
    Window("RIG-09", "TWW-10", -4, 2, 1, True, "西区路测"),
    Window("RIG-09", "TWR-35", 1, 5, 1, True, "铁塔覆盖复测"),
    Window("RIG-10", "RVT-07", -8, 8, 1, True, "沉降监测"),
    Window("RIG-10", "MTR-31", -2, 6, 1, True, "车站基坑监测"),
    Window("RIG-11", "RUH-12", -3, -1, 1, True, "组件热斑巡检"),
    Window("RIG-11", "JED-32", 0, 2, 1, True, "场址测绘"),
    Window("RIG-11", "SUB-29", 1, 3, 1, True, "线路走廊巡检"),
    Window("RIG-11", "ESS-34", 1, 2.4, 1, False, "舱体温升巡检"),
    Window("RIG-12", "TNK-33", -4, -2, 1, True, "氮封工况验证"),
    Window("RIG-12", "IOT-23", 0, 3, 1, True, "传感器在线比对"),
    Window("RIG-13", "ERP-17", -3, -1, 1, True, "月结并发压测"),
    Window("RIG-13", "CRM-03", 0, 1.4, 1, True, "大促流量压测"),
    Window("RIG-13", "MDM-24", 1, 2.4, 1, False, "主数据分发压测"),
    Window("RIG-13", "SAP-08", 3, 5, 1, True, "切换演练"),
    Window("RIG-13", "OMS-18", 6, 7, 1, False, "订单峰值压测"),
)
