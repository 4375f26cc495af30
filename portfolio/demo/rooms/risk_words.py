"""What may happen to a project of each kind, in the words of its project manager."""

from __future__ import annotations

from typing import NamedTuple


class Threat(NamedTuple):
    """An everyday risk: what, why, with what effect, category, response, trigger, where the impact lies, share of the budget."""

    title: str
    cause: str
    effect: str
    category: str
    strategy: str
    response: str
    trigger: str
    on: str  # time, cost, scope or quality
    share: float


_ANYWHERE = (
    Threat(
        "关键人员中途调离",
        "同一专家同时在两个项目任职",
        "接手须三到四周，关键任务停顿",
        "O.2",
        "mitigate",
        "指定后备人员，每周交接一次资料",
        "其他项目申请借调",
        "time",
        0.01,
    ),
    Threat(
        "供应商产能不足，交付推迟",
        "供应商旺季排产已满",
        "到货推迟两周以上，后续工序等待",
        "E.1",
        "mitigate",
        "合同写明分批交付，备选供应商完成认证",
        "连续两周到货低于计划九成",
        "time",
        0.02,
    ),
    Threat(
        "业务部门验收口径变化",
        "验收标准在立项时没有量化",
        "验收推迟，须返工",
        "E.4",
        "avoid",
        "在计划阶段签认验收标准",
        "评审会上提出新的验收项",
        "scope",
        0.015,
    ),
    Threat(
        "估算偏低，人工超支",
        "类似项目历史数据不足",
        "成本超出预算 3% 到 5%",
        "M.1",
        "accept",
        "每月按实际工效重估，从应急储备列支",
        "连续两个月成本绩效低于 0.95",
        "cost",
        0.035,
    ),
)
_BY_TYPE: dict[str, tuple[Threat, ...]] = {
    "product": (
        Threat(
            "法规换版须补做试验",
            "认证标准正在征求意见",
            "补做差异试验，推迟三周",
            "E.2",
            "mitigate",
            "按征求意见稿先做差异分析",
            "标准报批稿公布",
            "time",
            0.02,
        ),
        Threat(
            "单一来源零部件断供",
            "芯片只有一家供应商",
            "样件无法装配",
            "E.1",
            "mitigate",
            "导入第二供应商，备三个月库存",
            "供应商交期超过 20 周",
            "time",
            0.03,
        ),
        Threat(
            "耐久试验失效须改设计",
            "新结构没有实车数据",
            "模具修改，试验重做",
            "T.4",
            "mitigate",
            "先做加速试验，模具分两次开",
            "加速试验出现裂纹",
            "quality",
            0.04,
        ),
    ),
    "it": (
        Threat(
            "外部接口与文档不一致",
            "对方系统由另一家厂商维护",
            "联调反复，上线推迟",
            "T.3",
            "mitigate",
            "先做接口样例联调，签认接口清单",
            "首轮联调失败率高于三成",
            "time",
            0.02,
        ),
        Threat(
            "历史数据质量低于预期",
            "多年没有统一编码",
            "清洗量翻倍，切换推迟",
            "T.5",
            "mitigate",
            "提前抽样，分批清洗",
            "抽样重复率高于 5%",
            "time",
            0.025,
        ),
        Threat(
            "用户不使用新系统",
            "一线未参与设计",
            "效益推迟半年",
            "E.4",
            "mitigate",
            "每个部门两名超级用户参与评审",
            "试用登录率低于五成",
            "scope",
            0.01,
        ),
    ),
    "construction": (
        Threat(
            "雨季停工",
            "基础施工跨雨季",
            "室外作业停工一到两周",
            "E.5",
            "mitigate",
            "调整工序，备排水设备",
            "气象部门连续三天降雨预报",
            "time",
            0.01,
        ),
        Threat(
            "主材价格上涨",
            "钢材与铜价波动",
            "材料成本上升",
            "E.3",
            "transfer",
            "与供应商签订季度锁价",
            "钢材指数月涨幅超过 5%",
            "cost",
            0.03,
        ),
        Threat(
            "地质条件与勘察不符",
            "勘察孔距较大",
            "桩长增加，工期延长",
            "T.3",
            "mitigate",
            "补勘关键部位",
            "试桩承载力低于设计",
            "time",
            0.03,
        ),
    ),
    "transformation": (
        Threat(
            "中层抵触新流程",
            "考核指标没有随流程调整",
            "新旧流程并行，效果打折",
            "O.4",
            "mitigate",
            "部门负责人签责任书，指标进考核",
            "旧流程单据占比高于三成",
            "scope",
            0.01,
        ),
    ),
    "operations": (
        Threat(
            "旺季生产挤占改善时间",
            "排产没有预留改善工时",
            "改善活动停三周",
            "O.2",
            "mitigate",
            "改善工时写入排产计划",
            "排产负荷超过 95%",
            "time",
            0.01,
        ),
    ),
    "compliance": (
        Threat(
            "监管口径更新",
            "实施细则尚未发布",
            "整改方案须补充",
            "E.2",
            "accept",
            "法务每周跟踪，预留补充时间",
            "监管发布征求意见稿",
            "scope",
            0.015,
        ),
    ),
}
# Category of a setback by its dimension.
CATEGORY = {
    "schedule": "M.2",
    "scope": "T.1",
    "quality": "T.5",
    "resource": "O.2",
    "risk": "E.2",
    "benefits": "E.4",
    "cost": "O.3",
}


def threats(kind: str) -> tuple[Threat, ...]:
    """Everything that may happen to a project of the type."""
    return (*_BY_TYPE.get(kind, ()), *_ANYWHERE)
