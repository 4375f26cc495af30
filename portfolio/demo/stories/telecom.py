"""Telecom: one tower vendor serves the East, the West and the retrofit project at the same time."""

from __future__ import annotations

from portfolio.demo.spec import Ask, Goal, Manner, ProjectSpec, Setback, Stream

_NETWORK = (
    Stream("capex", "equipment", 0.52), Stream("capex", "construction", 0.26), Stream("opex", "services", 0.12), Stream("opex", "labour", 0.10),
)
_VENDOR = ("铁塔供应商", "安擎铁塔", "铁塔供货与安装，同时服务三个项目", 4, 2)

EAST_SITES = ProjectSpec(
    code="TWE-09", zh="东区 5G 基站", en="5G sites, East", type="construction", unit="TEL-NW", pm="Q2010", sponsor="Q1008",
    summary="东区 620 个 5G 基站建设。",
    budget=6200, start=-70, portfolio="PF-01", programme="PG-5GN", priority="2_high", driver="date",
    goals=(
        Goal("站址全部落实", -52), Goal("200 站开通", -33), Goal("350 站开通", -15), Goal("480 站开通", 0), Goal("620 站开通", 12, key=True),
    ),
    setbacks=(
        Setback(-55, 4, 1, "物业签约慢于计划", "resource", "43 个站址物业未签", "区公司领导对口协调", solved=10),
        Setback(-20, 10, 2, "铁塔供应商同时服务 3 个项目", "resource", "铁塔到货率 64%，供应商同时服务 3 个项目", "认证备用铁塔供应商",
                told=3, told_fully=6, cost=0.02, solved=None),
    ),
    streams=_NETWORK, drift=0.055, manner=Manner(optimism=9, on_time=0.85, missed_last=1),
    objectives=(("OBJ-GROW", 4), ("OBJ-CUST", 8)), team=("Q3008",), coordinator="Q1105", parties=(_VENDOR,),
)

WEST_SITES = ProjectSpec(
    code="TWW-10", zh="西区 5G 基站", en="5G sites, West", type="construction", unit="TEL-NW", pm="Q2011", sponsor="Q1008",
    summary="西区 780 个 5G 基站建设。",
    budget=7550, start=-76, portfolio="PF-01", programme="PG-5GN", priority="2_high", driver="date",
    goals=(
        Goal("站址全部落实", -57), Goal("250 站开通", -34), Goal("450 站开通", -15), Goal("600 站开通", 1), Goal("780 站开通", 14, key=True),
    ),
    setbacks=(Setback(-12, 4, 3, "铁塔供应商同时服务 3 个项目", "resource", "铁塔周到货由 30 座降到 22 座", "与东区商定到货次序", told=2, told_fully=4, solved=None),),
    streams=_NETWORK, drift=0.03, manner=Manner(optimism=3, on_time=0.96),
    objectives=(("OBJ-GROW", 8), ("OBJ-CUST", 12)), team=("Q3008",), coordinator="Q1105", parties=(_VENDOR,),
)

CAMPUS_NETWORK = ProjectSpec(
    code="CPN-11", zh="园区专网", en="Campus private network", type="it", unit="TEL-OP", pm="Q2012", sponsor="Q1008",
    summary="三个制造园区的 5G 专网。",
    budget=2400, start=-33, portfolio="PF-01", programme="PG-5GN", priority="3_medium",
    goals=(Goal("覆盖方案批准", -27), Goal("一园区开通", -15), Goal("二园区开通", -4), Goal("三园区开通", 9, key=True)),
    setbacks=(Setback(-9, 7, 2, "园区管道资源不足", "resource", "二园区弱电管道占满", "改走架空桥架", told=2, told_fully=3, solved=None, cost=0.02),),
    streams=_NETWORK, drift=0.05, manner=Manner(optimism=5, on_time=0.75, missed_last=3), team=("Q3018",), coordinator="Q1105",
)

SMART_OPERATIONS = ProjectSpec(
    code="OPS-22", zh="基站智能运维", en="Intelligent site operations", type="it", unit="TEL-OP", pm="Q2012", sponsor="Q1008",
    summary="告警归并与自动派单，减少上站。",
    budget=890, start=-104, portfolio="PF-02", method="agile",
    goals=(Goal("告警规则梳理", -91), Goal("自动派单试点", -65), Goal("全网推广", -27, key=True), Goal("上站量降三成", 4, key=True)),
    setbacks=(Setback(-56, 6, 2, "代维单位不愿用新派单", "scope", "两家代维继续用旧派单", "派单及时率写入代维考核", told=2, told_fully=5, solved=14),),
    streams=(Stream("opex", "labour", 0.6), Stream("opex", "services", 0.25), Stream("capex", "software", 0.15)), drift=0.03,
    manner=Manner(optimism=6, on_time=0.8), objectives=(("OBJ-COST", 5), ("OBJ-TIME", 4)), team=("Q3018",),
)

TOWER_RETROFIT = ProjectSpec(
    code="TWR-35", zh="铁塔共享改造", en="Tower sharing retrofit", type="construction", unit="TEL-NW", pm="Q2010", sponsor="Q1008",
    summary="410 座存量铁塔加固后共享。",
    budget=2900, start=-46, portfolio="PF-03", priority="3_medium",
    goals=(Goal("检测完成", -33), Goal("100 座加固", -17), Goal("250 座加固", 0), Goal("410 座加固", 14, key=True)),
    setbacks=(
        Setback(-22, 9, 1, "铁塔供应商同时服务 3 个项目", "resource", "供应商把加固班组调往东区", "合同补充班组数量", told=2, told_fully=6, cost=0.03, solved=None),
        Setback(-6, 13, 2, "检测发现锈蚀超限 37 座", "quality", "37 座铁塔锈蚀超限，须先除锈", "除锈与加固分段施工", told=2, told_fully=3, cost=0.04, solved=None),
    ),
    asks=(Ask("加固范围是否减到 373 座", "37 座锈蚀铁塔改为拆除新建，另立项目。", "Q1008", -2, 4, 11),),
    streams=_NETWORK, drift=0.07, manner=Manner(optimism=14, flattery=0.2, on_time=0.8),
    objectives=(("OBJ-COST", 4), ("OBJ-CUST", 2)), parties=(_VENDOR,),
)

MAINTENANCE = ProjectSpec(
    code="SLA-36", zh="基站维保提质", en="Site maintenance quality", type="operations", unit="TEL-OP", pm="Q2011", sponsor="Q1008",
    summary="退服时长从 46 分钟降到 25 分钟。",
    budget=310, start=-60, portfolio="PF-04", priority="4_low",
    goals=(Goal("基线测定", -53), Goal("重点站整治", -26), Goal("退服时长 30 分钟", -1), Goal("退服时长 25 分钟", 12, key=True)),
    streams=(Stream("opex", "services", 0.7), Stream("opex", "labour", 0.3)), drift=0.0, manner=Manner(optimism=2, on_time=0.9),
    objectives=(("OBJ-CUST", 2),), team=("Q3018",),
)

TELECOM = (EAST_SITES, WEST_SITES, CAMPUS_NETWORK, SMART_OPERATIONS, TOWER_RETROFIT, MAINTENANCE)
