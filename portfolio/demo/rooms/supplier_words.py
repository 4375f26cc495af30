"""Suppliers, contracts, business functions and measures of the demo. Weeks count from today; shares are of a project's budget."""

from __future__ import annotations

from typing import NamedTuple


class SupplierPlan(NamedTuple):
    """A supplier; `since` and `until` are weeks of its qualification (None: open)."""

    code: str
    zh: str
    en: str
    standing: str
    since: int
    until: int | None
    contact: str
    mail: str
    country: str = "CN"
    backup_for: str = ""


class Let(NamedTuple):
    """A contract for a project: its share of the budget, and where within the project's plan it begins (0 to 1)."""

    supplier: str
    title: str
    kind: str
    share: float
    begins: float = 0.1


class Framework(NamedTuple):
    """A contract without a project, used by a programme; the amount is in ten thousand."""

    code: str
    supplier: str
    title: str
    programme: str
    amount: float
    since: int
    until: int


class FunctionPlan(NamedTuple):
    """A business function below the one named `parent`."""

    code: str
    zh: str
    en: str
    kind: str
    parent: str = ""


class MeasurePlan(NamedTuple):
    """What a programme is judged by."""

    programme: str
    text: str
    category: str
    target: str


SUPPLIERS: tuple[SupplierPlan, ...] = (
    SupplierPlan(
        "SUP-AQT", "安擎铁塔", "Anqing Towers", "2_qualified", -110, 46, "贺启明", "sales@anqing-towers.example"
    ),
    SupplierPlan("SUP-NCB", "宁川电池", "Ningchuan Battery", "1_preferred", -96, 60, "沈若谷", "oem@ningchuan.example"),
    SupplierPlan("SUP-RSV", "锐视智能", "Ruishi Vision", "2_qualified", -108, -4, "唐以宁", "service@ruishi.example"),
    SupplierPlan("SUP-JCR", "极仓科技", "Jicang Robotics", "1_preferred", -70, 34, "郭简", "project@jicang.example"),
    SupplierPlan("SUP-MDC", "明道咨询", "Mingdao Consulting", "1_preferred", -82, 9, "傅承泽", "pmo@mingdao.example"),
    SupplierPlan("SUP-YTS", "云拓软件", "Yuntuo Software", "2_qualified", -66, 38, "程砚秋", "delivery@yuntuo.example"),
    SupplierPlan(
        "SUP-YHM",
        "远海工程船务",
        "Yuanhai Offshore Services",
        "4_blocked",
        -120,
        20,
        "梁泊舟",
        "charter@yuanhai.example",
    ),
    SupplierPlan(
        "SUP-BTS",
        "北塔钢构",
        "Beita Steel Structures",
        "3_trial",
        -8,
        18,
        "邱野",
        "quality@beita.example",
        backup_for="SUP-AQT",
    ),
    SupplierPlan(
        "SUP-QYC", "启源电芯", "Qiyuan Cells", "3_trial", -14, 12, "骆知行", "kam@qiyuan.example", backup_for="SUP-NCB"
    ),
)

LETS: dict[str, tuple[Let, ...]] = {
    "TWE-09": (Let("SUP-AQT", "东区铁塔供货与安装", "goods", 0.31),),
    "TWW-10": (Let("SUP-AQT", "西区铁塔供货与安装", "goods", 0.29),),
    "TWR-35": (Let("SUP-AQT", "存量铁塔加固施工", "works", 0.42),),
    "NEV-01": (
        Let("SUP-NCB", "电池包定点开发与样件", "goods", 0.11),
        Let("SUP-QYC", "第二电芯供应商样件认证", "services", 0.006, 0.75),
    ),
    "BAT-28": (Let("SUP-NCB", "电芯产线工艺技术服务", "services", 0.04),),
    "UCK-04": (Let("SUP-RSV", "识别结算一体机供货与维保", "goods", 0.44),),
    "WHR-06": (Let("SUP-JCR", "货到人机器人与调度系统", "goods", 0.58),),
    "WHF-27": (Let("SUP-JCR", "分拣区规划与仿真咨询", "services", 0.012, 0.05),),
    "SAP-08": (Let("SUP-MDC", "三个工厂 SAP 实施服务", "services", 0.36),),
    "ERP-17": (Let("SUP-MDC", "财务共享方案与培训", "services", 0.12),),
    "CRM-03": (Let("SUP-YTS", "客户关系系统实施与数据迁移", "services", 0.41),),
    "SUB-29": (Let("SUP-YHM", "升压站海上吊装", "works", 0.13, 0.4),),
}

FRAMEWORKS: tuple[Framework, ...] = (
    Framework("CT-FW-5G", "SUP-AQT", "铁塔与附件集采框架协议", "PG-5GN", 3800, -60, 44),
    Framework("CT-FW-IT", "SUP-YTS", "集团软件许可框架协议", "PG-DBS", 960, -40, 64),
    Framework("CT-FW-BP", "SUP-MDC", "流程与数据咨询年度框架", "PG-DBS", 420, -30, 22),
)

FUNCTIONS: tuple[FunctionPlan, ...] = (
    FunctionPlan("FN-RD", "研发与制造", "Development and manufacturing", "area"),
    FunctionPlan("FN-RD-10", "产品开发", "Product development", "function", "FN-RD"),
    FunctionPlan("FN-RD-20", "生产制造", "Manufacturing", "function", "FN-RD"),
    FunctionPlan("FN-CU", "客户经营", "Customer business", "area"),
    FunctionPlan("FN-CU-10", "渠道与门店", "Channels and stores", "function", "FN-CU"),
    FunctionPlan("FN-CU-20", "客户服务", "Customer service", "function", "FN-CU"),
    FunctionPlan("FN-NW", "网络与基础设施", "Networks and infrastructure", "area"),
    FunctionPlan("FN-NW-10", "网络建设", "Network construction", "function", "FN-NW"),
    FunctionPlan("FN-NW-20", "网络运维", "Network operations", "function", "FN-NW"),
    FunctionPlan("FN-MG", "经营管理", "Business management", "area"),
    FunctionPlan("FN-MG-10", "财务管理", "Finance", "function", "FN-MG"),
    FunctionPlan("FN-MG-20", "数据与流程", "Data and processes", "function", "FN-MG"),
    FunctionPlan("FN-MG-21", "主数据服务", "Master data service", "service", "FN-MG-20"),
)

SERVES: dict[str, tuple[str, ...]] = {
    "PG-SEV": ("FN-RD-10", "FN-RD-20"),
    "PG-SEV-EE": ("FN-RD-10",),
    "PG-JRN": ("FN-CU-10", "FN-CU-20"),
    "PG-5GN": ("FN-NW-10", "FN-NW-20"),
    "PG-DBS": ("FN-MG-10", "FN-MG-20", "FN-MG-21"),
    "PG-CAP": ("FN-RD-20",),
}

MEASURES: tuple[MeasurePlan, ...] = (
    MeasurePlan("PG-SEV", "首款车型关键节点按期率", "进度", "不低于 90%"),
    MeasurePlan("PG-SEV", "试制车一次下线合格率", "质量", "不低于 85%"),
    MeasurePlan("PG-SEV", "单车物料成本与目标成本之差", "成本", "不高于 3%"),
    MeasurePlan("PG-SEV-EE", "座舱软件版本按计划冻结次数", "进度", "全年 6 次"),
    MeasurePlan("PG-JRN", "晚高峰平均排队时间", "客户", "4 分钟以内"),
    MeasurePlan("PG-JRN", "线上线下会员数据一致率", "数据", "不低于 99%"),
    MeasurePlan("PG-JRN", "大促期间出库延误率", "客户", "3% 以内"),
    MeasurePlan("PG-5GN", "季度新开通站点数", "进度", "每季 120 站"),
    MeasurePlan("PG-5GN", "弱覆盖月投诉量", "客户", "260 件以内"),
    MeasurePlan("PG-DBS", "集团月结天数", "效率", "5 天以内"),
    MeasurePlan("PG-DBS", "主数据准确率", "数据", "不低于 96%"),
    MeasurePlan("PG-CAP", "新增产能按季到位率", "进度", "不低于 95%"),
)
