"""Construction: a tower whose owner wants a higher basement, and a pile decision that has 48 hours."""

from __future__ import annotations

from portfolio.demo.spec import Ask, Goal, Manner, ProjectSpec, Setback, Stream

_BUILDING = (
    Stream("capex", "construction", 0.70), Stream("capex", "equipment", 0.14), Stream("opex", "services", 0.10), Stream("opex", "labour", 0.06),
)

RIVERSIDE_TOWER = ProjectSpec(
    code="RVT-07", zh="滨江中心大厦", en="Riverside Tower", type="construction", unit="ENG-CV", pm="Q2007", sponsor="Q1006",
    summary="地上 42 层、地下 3 层办公楼总承包。",
    budget=12400, start=-60, portfolio="PF-01", priority="2_high", driver="date",
    goals=(
        Goal("开工", -56), Goal("基坑支护完成", -26), Goal("桩基完成", -2), Goal("地下室结构完成", 16),
        Goal("主体封顶", 48, key=True), Goal("竣工交付", 84, key=True),
    ),
    setbacks=(
        Setback(-41, 3, 1, "基坑降水量超预期", "risk", "基坑涌水，降水井不足", "加打 8 口降水井", solved=6, cost=0.006),
        Setback(-8, 11, 2, "西侧桩基遇软弱夹层", "risk", "桩基遇软弱夹层，48 小时内须定方案", "补勘 12 个孔并复核桩长", told=1, told_fully=4,
                solved=None, cost=0.02),
    ),
    asks=(
        Ask("地下室层高变更 CR-0147", "业主要求地下室层高加 0.6 m：工期 +18 天，成本 +420 万元，结构荷载须复核。批准，或退回业主。", "Q1001", -1.6, 5, 65),
        Ask("西侧桩基 48 小时内定方案", "加长桩基 6 m，或改旋挖扩底。超过 48 小时，钻机退场再进场要 9 天。事后由 PMO 追认。", "Q2007", -0.15, 1, 85),
        Ask("塔吊租期是否延长", "塔吊租期与幕墙工序冲突，延长 2 个月 36 万元。", "Q1006", -13, 0, 9, decided=-10, outcome="延长 2 个月。"),
    ),
    streams=_BUILDING, drift=0.045, manner=Manner(optimism=4, on_time=0.93, own_estimate=True),
    objectives=(("OBJ-GROW", 12), ("OBJ-CASH", 12)), team=("Q3004", "Q3015"), coordinator="Q1104",
    parties=(("业主", "滨江置业", "业主代表", 5, 5), ("设计院", "东方建筑设计院", "结构复核", 4, 3)),
)

METRO = ProjectSpec(
    code="MTR-31", zh="地铁六号线机电安装", en="Metro line 6 installation", type="construction", unit="ENG-ME", pm="Q2019", sponsor="Q1006",
    summary="八个车站的通风、给排水与动力照明。",
    budget=7300, start=-124, portfolio="PF-03", priority="2_high", driver="date",
    goals=(
        Goal("进场", -117), Goal("样板站完成", -84), Goal("四站安装完成", -44), Goal("八站安装完成", -11), Goal("联调联试", 6), Goal("三权移交", 18, key=True),
    ),
    setbacks=(
        Setback(-97, 6, 1, "土建移交推迟", "schedule", "两个车站土建移交推迟", "调整车站施工次序", told=2, told_fully=6, solved=10),
        Setback(-54, 8, 2, "风机到货推迟", "resource", "隧道风机到货推迟 3 周", "从在建项目调剂风机", told=2, told_fully=4, solved=9, cost=0.02),
        Setback(-14, 6, 4, "综合监控接口未冻结", "scope", "综合监控接口表有 214 条未确认", "三方逐条确认接口表", told=3, told_fully=6, solved=None),
    ),
    streams=_BUILDING, drift=0.07, manner=Manner(optimism=9, on_time=0.85),
    objectives=(("OBJ-GROW", 4), ("OBJ-CASH", 10)), team=("Q3015",), coordinator="Q1105",
)

ENGINEERING = (RIVERSIDE_TOWER, METRO)
