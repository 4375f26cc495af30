"""Energy: a solar plant in Riyadh whose installation crosses Ramadan, and carbon monitoring."""

from __future__ import annotations

from portfolio.demo.spec import Ask, Goal, Manner, ProjectSpec, Setback, Stream

RIYADH_SOLAR = ProjectSpec(
    code="RUH-12", zh="利雅得光伏电站", en="Riyadh solar plant", type="construction", unit="ENE-RN", pm="Q2008", sponsor="Q1007",
    summary="60 兆瓦地面光伏电站总承包，并网发电。",
    budget=1660, start=-26, portfolio="PF-01", priority="1_critical", driver="date", country="沙特阿拉伯", currency="USD", critical=True,
    goals=(
        Goal("设计冻结", -7), Goal("场地平整完成", -5), Goal("首批组件到港", -1.5), Goal("桩基完成", 5), Goal("主设备到场", 9), Goal("支架安装完成", 12),
        Goal("并网发电", 21, key=True), Goal("移交", 26),
    ),
    setbacks=(
        Setback(-13, 4, 0, "并网许可补充资料", "scope", "并网许可须补充保护定值计算", "委托当地设计院补算", told=1, told_fully=2, solved=6),
        Setback(-6, 11, 2, "海运班期推迟，组件未到港", "resource", "首批组件改签船期，到港推迟", "后续批次改走直航", told=1, told_fully=3, solved=None, cost=0.02),
        Setback(-5, -11, 3, "桩基与组件到货脱开", "schedule", told=0.5, told_fully=0.5, first_share=1.0),
        Setback(-3, 3, 4, "逆变器清关资料不全", "resource", "逆变器清关资料不全，到场延误", "预审清关文件", told=1, told_fully=1.5, solved=None),
    ),
    asks=(
        Ask("利雅得 800 万美元敞口", "建议远期锁定 60%，其余随付款节点。汇率每变 1%，损益 57 万元。", "Q1002", -2, 10, 57),
        Ask("斋月缓冲 6 天是否列入基线", "斋月工时按七成计，支架与组件安装跨斋月。", "Q1007", -6, 0, 5, decided=-4, outcome="列入预测，不改基线；合同工期另行索赔。"),
    ),
    streams=(
        Stream("capex", "equipment", 0.48, "USD"), Stream("capex", "construction", 0.30, "SAR"), Stream("opex", "services", 0.10, "SAR"),
        Stream("opex", "labour", 0.12, "CNY"),
    ),
    drift=0.075, manner=Manner(optimism=4, on_time=0.95, own_estimate=True),
    objectives=(("OBJ-GROW", 8), ("OBJ-CARB", 30), ("OBJ-RISK", 5)), team=("Q3002", "Q3021"), coordinator="Q1104",
    parties=(("电网公司", "沙特电力 SEC", "并网许可", 5, 3), ("逆变器厂家", "阳朔电气", "逆变器与箱变", 3, 4)),
)

CARBON_MONITORING = ProjectSpec(
    code="CEM-13", zh="碳排放监测", en="Carbon monitoring", type="compliance", unit="ENE-CB", pm="Q2009", sponsor="Q1007",
    summary="27 个排放口在线监测与核算。",
    budget=1150, start=-58, portfolio="PF-01", driver="compliance", priority="3_medium",
    goals=(
        Goal("核算边界确认", -48), Goal("12 个排放口接入", -28), Goal("27 个排放口接入", -3, key=True), Goal("核查机构预审", 6),
        Goal("正式核查通过", 14, key=True),
    ),
    setbacks=(
        Setback(-41, 8, 1, "两个厂区数据源未开放", "scope", "两个厂区控制系统不开放数据", "厂区加装采集网关", told=2, told_fully=4, solved=20),
        Setback(-18, -6, 2, "数据源全部接通", "schedule", told=1, told_fully=2, first_share=0.5),
    ),
    streams=(Stream("capex", "equipment", 0.45), Stream("opex", "services", 0.35), Stream("opex", "labour", 0.20)), drift=0.02,
    manner=Manner(optimism=-3, on_time=0.97), objectives=(("OBJ-CARB", 20), ("OBJ-RISK", 6)), team=("Q3012",), coordinator="Q1105",
)

OFFSHORE = ProjectSpec(
    code="SUB-29", zh="海上风电升压站", en="Offshore wind substation", type="construction", unit="ENE-RN", pm="Q2020", sponsor="Q1007",
    summary="220 千伏海上升压站设计、建造、安装。",
    budget=16800, start=-90, portfolio="PF-03", priority="1_critical", driver="date", critical=True,
    goals=(
        Goal("详细设计完成", -68), Goal("钢结构下料", -54), Goal("模块总装", -15), Goal("陆上调试", 4), Goal("海上吊装", 14, key=True),
        Goal("倒送电", 22, key=True),
    ),
    setbacks=(
        Setback(-76, 5, 0, "主变压器接口资料迟交", "scope", "主变接口资料迟 3 周", "驻厂确认接口", told=2, told_fully=4, solved=6),
        Setback(-33, 10, 2, "焊缝一次合格率 93%", "quality", "焊缝一次合格率 93%，低于 98%", "焊工重新评定，增加探伤", told=3, told_fully=7, solved=12, cost=0.03),
        Setback(-3, 9, 4, "吊装船档期推迟", "resource", "吊装船前一项目未完，档期推迟", "询价备用吊装船", told=1.5, told_fully=2.5, solved=None, cost=0.03),
    ),
    asks=(Ask("是否签备用吊装船", "备用船贵 240 万元，可保 3 月窗口；否则等到 5 月。", "Q1007", -1, 8, 130),),
    streams=(Stream("capex", "construction", 0.55), Stream("capex", "equipment", 0.35), Stream("opex", "services", 0.10)),
    drift=0.06, manner=Manner(optimism=7, on_time=0.88, own_estimate=True), objectives=(("OBJ-CARB", 18), ("OBJ-GROW", 4)),
    coordinator="Q1105", parties=(("吊装船东", "远海工程船务", "海上吊装", 5, 2),),
)

JEDDAH = ProjectSpec(
    code="JED-32", zh="吉达变电站", en="Jeddah substation", type="construction", unit="ENE-RN", pm="Q2020", sponsor="Q1007",
    summary="380 千伏变电站扩建总承包。",
    budget=4200, start=-116, portfolio="PF-03", currency="SAR", country="沙特阿拉伯", priority="2_high",
    goals=(
        Goal("设计批准", -100), Goal("土建完成", -71), Goal("设备安装完成", -44), Goal("试验完成", -31), Goal("投运", -25, key=True),
    ),
    setbacks=(
        Setback(-108, 4, 0, "业主标准换版", "scope", "业主技术标准换版，图纸重报", "按新版标准逐项核对", solved=6),
        Setback(-61, 5, 2, "开关设备清关资料不全", "resource", "开关设备滞留港口，缺原产地证明", "代理补办原产地证明", told=2, told_fully=3, solved=6, cost=0.012),
    ),
    streams=(Stream("capex", "equipment", 0.5, "SAR"), Stream("capex", "construction", 0.35, "SAR"), Stream("opex", "labour", 0.15, "CNY")),
    drift=0.02, manner=Manner(optimism=4, on_time=0.9), objectives=(("OBJ-GROW", 3), ("OBJ-CASH", 6)),
)

STORAGE = ProjectSpec(
    code="ESS-34", zh="用户侧储能示范", en="Behind-the-meter storage pilot", type="construction", unit="ENE-RN", pm="Q2008", sponsor="Q1007",
    summary="三个园区各建 5 兆瓦时储能。",
    budget=3100, start=5, portfolio="PF-03", priority="3_medium",
    goals=(Goal("设备招标完成", 10), Goal("首个园区并网", 24, key=True), Goal("三个园区并网", 34, key=True)),
    streams=(Stream("capex", "equipment", 0.7), Stream("capex", "construction", 0.3)), drift=0.0,
    objectives=(("OBJ-CARB", 8),),
)

ENERGY = (RIYADH_SOLAR, CARBON_MONITORING, OFFSHORE, JEDDAH, STORAGE)
