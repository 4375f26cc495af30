"""Group: data platform, approval speed-up from 45 to 20 days, a talent platform that has not reported yet, and compliance."""

from __future__ import annotations

from portfolio.demo.spec import Ask, Goal, Manner, ProjectSpec, Setback, Stream

_SYSTEM = (Stream("opex", "labour", 0.40), Stream("capex", "software", 0.32), Stream("opex", "services", 0.28))
_PEOPLE = (Stream("opex", "labour", 0.65), Stream("opex", "services", 0.35))

DATA_PLATFORM = ProjectSpec(
    code="GDP-14", zh="集团数据中台", en="Group data platform", type="it", unit="GRP-IT", pm="Q2014", sponsor="Q1010",
    summary="七个事业部主数据与经营指标统一。",
    budget=3540, start=-84, portfolio="PF-01", programme="PG-DBS", priority="2_high", method="hybrid",
    goals=(
        Goal("数据标准发布", -69), Goal("平台搭建完成", -48), Goal("四个事业部接入", -19), Goal("七个事业部接入", 4, key=True), Goal("经营指标上线", 12, key=True),
    ),
    setbacks=(Setback(-29, 3, 2, "零售主数据口径未定", "scope", "零售商品主数据口径未定", "零售与集团联合定稿", solved=7, told=1, told_fully=2),),
    asks=(Ask("计划决策评审遗留 2 项条件", "数据安全分级与运维编制须在 12 月前落实。", "Q1010", -1, 11, 6),),
    streams=_SYSTEM, drift=0.02, manner=Manner(optimism=1, on_time=0.97),
    objectives=(("OBJ-DATA", 36), ("OBJ-TIME", 6)), team=("Q3009",), coordinator="Q1104",
)

APPROVAL_SPEED = ProjectSpec(
    code="APS-15", zh="审批提速", en="Approval speed-up", type="transformation", unit="GRP-PM", pm="Q2015", sponsor="Q1007",
    summary="能源事业部项目审批从 45 个工作日压到 20 个。",
    budget=680, start=-34, portfolio="PF-01", programme="PG-DBS", priority="3_medium", method="design_thinking", visibility="organisation",
    goals=(Goal("现状测定：中位数 45 天", -30), Goal("并联会签试点", -20), Goal("全事业部推行", -8), Goal("中位数降到 25 天", -2), Goal("中位数降到 20 天", 10, key=True)),
    streams=_PEOPLE, drift=-0.07, manner=Manner(optimism=0, flattery=0.0, on_time=1.0, missing=0.0),
    objectives=(("OBJ-TIME", 22),), team=("Q3019",), coordinator="Q1104",
)

TALENT_PLATFORM = ProjectSpec(
    code="TAL-16", zh="人才能力平台", en="Talent platform", type="transformation", unit="GRP-HR", pm="Q2016", sponsor="Q1011",
    summary="项目经理能力模型、认证与学习地图。",
    budget=1000, start=-3, portfolio="PF-01", programme="PG-DBS", priority="3_medium", method="agile",
    goals=(Goal("能力模型发布", 6), Goal("首批认证", 18, key=True), Goal("学习地图上线", 26)),
    streams=_PEOPLE, manner=Manner(silent=True), objectives=(("OBJ-TALE", 20),), team=("Q3016",),
)

FINANCE_SHARED = ProjectSpec(
    code="ERP-17", zh="财务共享中心", en="Finance shared-service centre", type="transformation", unit="GRP-FI", pm="Q2022", sponsor="Q1002",
    summary="21 家公司核算集中。",
    budget=2150, start=-124, portfolio="PF-02", priority="2_high",
    goals=(Goal("组织方案批准", -111), Goal("首批 6 家切换", -85), Goal("21 家切换", -51, key=True), Goal("验收", -46)),
    setbacks=(Setback(-95, 4, 1, "银企直联接口延期", "resource", "两家银行直联接口延期", "先用网银批量导入", solved=9),),
    streams=_SYSTEM, drift=-0.01, manner=Manner(optimism=2, on_time=0.95), objectives=(("OBJ-CASH", 12), ("OBJ-TIME", 5)),
)

OVERSEAS_DATA = ProjectSpec(
    code="MDM-24", zh="海外主数据", en="Overseas master data", type="it", unit="GRP-IT", pm="Q2018", sponsor="Q1010",
    summary="欧洲四家公司主数据并入集团。",
    budget=210, start=-50, portfolio="PF-02", currency="EUR", country="德国",
    goals=(Goal("合规评估", -37), Goal("德国公司并入", -11, key=True), Goal("四家公司并入", 12, key=True)),
    setbacks=(Setback(-30, 12, 1, "工会对数据出境有异议", "risk", "德国工会对数据出境有异议", "签订公司协议并本地存储", told=3, told_fully=6, solved=None, cost=0.05),),
    streams=(Stream("opex", "services", 0.6, "EUR"), Stream("opex", "labour", 0.4, "CNY")), drift=0.08,
    manner=Manner(optimism=12, on_time=0.8), objectives=(("OBJ-DATA", 6),), team=("Q3009",),
)

ZERO_TRUST = ProjectSpec(
    code="SEC-26", zh="零信任安全", en="Zero-trust security", type="compliance", unit="GRP-IT", pm="Q2018", sponsor="Q1010",
    summary="远程接入与特权账号统一管控。",
    budget=1260, start=-66, portfolio="PF-02", driver="compliance", priority="2_high",
    goals=(Goal("现状评估", -58), Goal("身份平台上线", -31), Goal("远程接入切换", -3, key=True), Goal("特权账号纳管", 8), Goal("等级测评通过", 14, key=True)),
    setbacks=(Setback(-27, 4, 2, "老系统不支持统一身份", "scope", "9 个老系统不支持统一身份", "加装代理网关", solved=8, told=1, told_fully=2),),
    streams=_SYSTEM, drift=0.03, manner=Manner(optimism=2, on_time=0.95), objectives=(("OBJ-RISK", 12),), team=("Q3014",), coordinator="Q1105",
)

PRIVACY = ProjectSpec(
    code="DPR-40", zh="个人信息保护整改", en="Personal data remediation", type="compliance", unit="GRP-AU", pm="Q2018", sponsor="Q1010",
    summary="86 个系统个人信息清查与整改。",
    budget=460, start=-110, portfolio="PF-04", driver="compliance", priority="2_high",
    goals=(Goal("清查完成", -91), Goal("整改方案批准", -76), Goal("高风险系统整改", -51, key=True), Goal("外部审计通过", -38, key=True)),
    setbacks=(Setback(-85, 6, 1, "系统台账不全", "scope", "台账外发现 14 个系统", "各事业部补报台账", solved=8),),
    streams=_PEOPLE, drift=0.0, manner=Manner(optimism=2, on_time=0.95), objectives=(("OBJ-RISK", 8),), team=("Q3020",),
)

PROCUREMENT = ProjectSpec(
    code="CST-41", zh="集中采购降本", en="Central procurement savings", type="operations", unit="GRP-FI", pm="Q2022", sponsor="Q1002",
    summary="十二类物资集中采购，年降本 6%。",
    budget=520, start=3, portfolio="PF-04", priority="3_medium",
    goals=(Goal("品类策略批准", 8), Goal("首批四类签约", 18, key=True), Goal("十二类签约", 34, key=True)),
    streams=_PEOPLE, drift=0.0, objectives=(("OBJ-CASH", 14), ("OBJ-COST", 6)),
)

GROUP = (DATA_PLATFORM, APPROVAL_SPEED, TALENT_PLATFORM, FINANCE_SHARED, OVERSEAS_DATA, ZERO_TRUST, PRIVACY, PROCUREMENT)
