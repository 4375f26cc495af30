"""Chemicals: an SAP roll-out that needs finance, people and IT, and plants that must be safe."""

from __future__ import annotations

from portfolio.demo.spec import Ask, BudgetChange, Goal, Manner, ProjectSpec, Setback, Stream

SAP_ROLLOUT = ProjectSpec(
    code="SAP-08", zh="化工 SAP 上线", en="Chemicals SAP roll-out", type="it", unit="CHE-IT", pm="Q2013", sponsor="Q1009",
    summary="三个工厂财务、生产、采购切换到 SAP。",
    budget=8900, start=-64, portfolio="PF-01", programme="PG-DBS", driver="date", priority="1_critical",
    goals=(
        Goal("蓝图签字", -46), Goal("系统配置完成", -25), Goal("主数据清洗完成", -4, key=True), Goal("服务器扩容完成", 0), Goal("超级用户培训完成", 5),
        Goal("首个工厂上线", 10, key=True), Goal("三个工厂上线", 22, key=True),
    ),
    setbacks=(
        Setback(-52, 4, 0, "财务与生产对成本口径意见不一", "scope", "标准成本口径两部门意见不一", "首席财务官主持一次定稿会", solved=5),
        Setback(-12, 12, 2, "物料主数据重复 4.1 万条", "quality", "物料主数据重复 4.1 万条，清洗晚 2 周", "三个工厂各抽 4 人集中清洗",
                told=2, told_fully=4, solved=None, cost=0.025),
    ),
    asks=(
        Ask("首个工厂上线是否推迟到年结后", "与年结同月上线，财务要加班两个周末；推迟则三厂上线晚 4 周。", "Q1009", -2, 12, 54),
        Ask("服务器扩容自建还是租用", "自建一次投入 260 万元；租用每年 96 万元，两周可用。", "Q1010", -21, 0, 12, decided=-18, outcome="租用两年，到期再评估。"),
    ),
    changes=(BudgetChange(-19, 0.03, "CR-0129 服务器扩容，批准"),),
    streams=(
        Stream("opex", "services", 0.44), Stream("capex", "software", 0.28), Stream("opex", "labour", 0.18), Stream("capex", "equipment", 0.10),
    ),
    drift=0.075, manner=Manner(optimism=4, on_time=0.95, own_estimate=True),
    objectives=(("OBJ-DATA", 30), ("OBJ-TIME", 8)), team=("Q3010", "Q3009"), coordinator="Q1104",
    parties=(("实施商", "明道咨询", "SAP 实施", 4, 4), ("工厂", "连海工厂", "首个上线工厂", 4, 3)),
)

PLANT_IOT = ProjectSpec(
    code="IOT-23", zh="化工装置物联网", en="Plant IoT", type="it", unit="CHE-IT", pm="Q2013", sponsor="Q1009",
    summary="1,400 台机泵振动与温度在线监测。",
    budget=1320, start=-46, portfolio="PF-02",
    goals=(Goal("防爆选型批准", -32), Goal("400 台接入", -11), Goal("900 台接入", 6), Goal("1400 台接入", 18, key=True)),
    setbacks=(Setback(-16, 5, 1, "防爆证书补办", "risk", "传感器防爆证书过期", "厂家补办并提供临时证明", solved=None),),
    streams=(Stream("capex", "equipment", 0.55), Stream("capex", "software", 0.2), Stream("opex", "services", 0.25)), drift=0.04,
    manner=Manner(optimism=5, on_time=0.85, books_late=25), objectives=(("OBJ-RISK", 8), ("OBJ-COST", 3)), team=("Q3010",),
)

TANK_FARM = ProjectSpec(
    code="TNK-33", zh="储罐区改造", en="Tank farm refurbishment", type="construction", unit="CHE-HS", pm="Q2021", sponsor="Q1009",
    summary="12 座储罐更换密封与消防系统。",
    budget=3600, start=-100, portfolio="PF-03", driver="compliance", priority="2_high",
    goals=(Goal("设计批准", -82), Goal("前 4 座完成", -52), Goal("前 8 座完成", -22), Goal("12 座完成", 2, key=True), Goal("消防验收", 8)),
    setbacks=(Setback(-59, 14, 1, "环评变更，动火作业停止", "risk", "环评变更未批，禁止动火", "补报环评变更", told=2, told_fully=5, solved=None, cost=0.03),),
    asks=(Ask("储罐区改造暂停", "环评变更预计 9 个月。暂停并保留现场看护，或终止合同。", "Q1009", -45, 0, 15, decided=-41, outcome="暂停，看护费用每月 6 万元。"),),
    streams=(Stream("capex", "construction", 0.6), Stream("capex", "equipment", 0.4)), drift=0.05, held_from=-41,
    manner=Manner(optimism=6, on_time=0.85), objectives=(("OBJ-RISK", 6),),
)

MAJOR_HAZARD = ProjectSpec(
    code="HSE-37", zh="重大危险源整治", en="Major hazard remediation", type="compliance", unit="CHE-HS", pm="Q2021", sponsor="Q1009",
    summary="两处重大危险源按新规整治。",
    budget=1480, start=-70, portfolio="PF-04", driver="compliance", priority="1_critical", critical=True,
    goals=(Goal("差距评估", -63), Goal("整改方案批准", -44), Goal("联锁改造完成", -8, key=True), Goal("第三方评估", 4), Goal("监管验收", 10, key=True)),
    setbacks=(Setback(-22, 10, 2, "联锁系统停车窗口推迟", "schedule", "装置停车窗口推迟到下月", "分两次短停施工", told=3, told_fully=6, solved=None, cost=0.025),),
    streams=(Stream("capex", "equipment", 0.6), Stream("opex", "services", 0.4)), drift=0.06, manner=Manner(optimism=8, on_time=0.88),
    objectives=(("OBJ-RISK", 16),), team=("Q3017",), coordinator="Q1105",
)

CHEMICALS = (SAP_ROLLOUT, PLANT_IOT, TANK_FARM, MAJOR_HAZARD)
