"""Automotive: a new-energy platform and a smart cockpit that share three test rigs."""

from __future__ import annotations

from portfolio.demo.spec import Ask, BudgetChange, Goal, Manner, ProjectSpec, Setback, Stream

_PRODUCT = (
    Stream("opex", "labour", 0.40), Stream("capex", "equipment", 0.34), Stream("opex", "services", 0.18), Stream("capex", "software", 0.08),
)
_PLANT = (Stream("capex", "construction", 0.62), Stream("capex", "equipment", 0.26), Stream("opex", "services", 0.12))
_SYSTEM = (Stream("opex", "labour", 0.42), Stream("capex", "software", 0.33), Stream("opex", "services", 0.25))

NEW_ENERGY_PLATFORM = ProjectSpec(
    code="NEV-01", zh="新能源平台", en="New-energy platform", type="product", unit="AUT-RD", pm="Q2001", sponsor="Q1004",
    summary="开发新一代纯电平台，首款车型量产。",
    budget=18600, start=-44.6, portfolio="PF-01", programme="PG-SEV", driver="date", priority="1_critical", critical=True,
    goals=(
        Goal("概念决策 CDCP", -44, earns=4), Goal("计划决策 PDCP", -30, earns=14), Goal("工程样机 EP 下线", -14, earns=22),
        Goal("DV 样件交付", -8, earns=12), Goal("高压安全试验完成", -5, earns=3), Goal("DV 台架试验过半", -4, earns=4),
        Goal("热管理标定完成", -2, earns=3), Goal("设计验证 DV 完成", 3, earns=10), Goal("生产验证 PV 完成", 14, earns=16),
        Goal("量产 SOP", 23, key=True, earns=12),
    ),
    setbacks=(
        Setback(-36, 7, 1, "电池包定点谈判延长", "scope", "电池包定点比计划晚，影响计划决策评审", "与两家供应商并行谈判", solved=7),
        Setback(-21, 3, 2, "高压线束样件返工", "quality", "高压线束样件尺寸超差，须返工", "线束供应商驻厂整改", solved=6, cost=0.006),
        Setback(
            -9, 34, 4, "与智能座舱共用的 3 台测试台架 12 月已排满", "resource",
            "测试台架与智能座舱争用，DV 试验 12 月排不进", "与智能座舱商定分时段使用台架", told=4, told_fully=7, first_share=0.4,
            cost=0.01, solved=None,
        ),
        Setback(-1.5, -3, 8, "认证与试生产并行", "schedule", told=0.2, told_fully=0.2, first_share=1.0),
    ),
    asks=(
        Ask("12 月测试台架给谁", "智能座舱让出 2 台，或租第 4 台（96 万元）。不决定，量产每周再晚 5 个工作日。", "Q1004", -1.3, 2, 180),
        Ask("是否增加第二家电芯供应商", "单一来源交期 14 周；第二家须增加认证费用 60 万元。", "Q1004", -20, 0, 40, decided=-18,
            outcome="增加第二家，费用从预备费列支。"),
    ),
    streams=_PRODUCT, drift=0.005, manner=Manner(optimism=13, flattery=0.06, on_time=1.0, missing=0.0),
    objectives=(("OBJ-GROW", 24), ("OBJ-LEAD", 24), ("OBJ-TIME", 10)), team=("Q3001", "Q3003", "Q3013"), coordinator="Q1104",
    parties=(("电芯供应商", "宁川电池", "电池包主供应商", 4, 4), ("检测机构", "国家汽车检测中心", "公告与认证试验", 5, 3)),
)

SMART_COCKPIT = ProjectSpec(
    code="SCP-02", zh="智能座舱", en="Smart cockpit", type="product", unit="AUT-EE", pm="Q2002", sponsor="Q1004",
    summary="新一代座舱域控制器与人机交互，随新能源平台首发。",
    budget=9200, start=-40, portfolio="PF-01", programme="PG-SEV-EE", driver="experience", priority="2_high", method="hybrid",
    goals=(
        Goal("概念方案冻结", -34), Goal("域控制器 A 样", -24), Goal("交互设计评审通过", -16), Goal("B 样装车", -4),
        Goal("软件功能冻结", 4), Goal("实车标定完成", 13), Goal("随车发布", 22, key=True),
    ),
    setbacks=(
        Setback(-28, 4, 1, "芯片样片到货推迟", "resource", "座舱芯片样片到货推迟两周", "改用开发板先行联调", solved=5),
        Setback(-10, 9, 3, "标定人员被借调到新能源平台", "resource", "两名标定工程师借调，B 样标定停滞", "从供应商借调标定人员",
                told=2, told_fully=5, solved=None, cost=0.03),
        Setback(-4, 6, 4, "语音模块误唤醒率超标", "quality", "语音误唤醒率 1.8%，目标 0.5%", "更换降噪算法并复测", told=2, told_fully=4, solved=None),
    ),
    asks=(Ask("座舱首发功能范围", "保留 42 项全部功能则标定再晚 3 周；移出 6 项可按期。", "Q1004", -2, 9, 26),),
    streams=_PRODUCT, drift=0.09, manner=Manner(optimism=20, flattery=0.15, on_time=0.95),
    objectives=(("OBJ-GROW", 10), ("OBJ-CUST", 16), ("OBJ-LEAD", 22)), team=("Q3003", "Q3013"), coordinator="Q1104",
    parties=(("芯片代理", "海岚半导体", "座舱芯片供货", 4, 3),),
)

PLM = ProjectSpec(
    code="PLM-20", zh="整车 PLM 换代", en="Vehicle PLM replacement", type="it", unit="AUT-RD", pm="Q2024", sponsor="Q1010",
    summary="替换使用十二年的产品数据管理系统。",
    budget=2600, start=-100, portfolio="PF-02", priority="2_high",
    goals=(
        Goal("需求冻结", -87), Goal("供应商选定", -74), Goal("原型验证通过", -50), Goal("历史数据迁移完成", -17),
        Goal("首个车型切换", 2, key=True), Goal("全部车型切换", 16),
    ),
    setbacks=(
        Setback(-80, 6, 1, "两家投标方案均不满足变更管理要求", "scope", "投标方案缺少工程变更流程", "补充招标技术条款", solved=8),
        Setback(-40, 9, 3, "历史图纸编码不统一", "quality", "12 万份历史图纸编码重复", "按平台分批清洗图纸编码", told=3, told_fully=8, solved=20, cost=0.02),
    ),
    streams=_SYSTEM, drift=0.05, manner=Manner(optimism=6, on_time=0.85),
    objectives=(("OBJ-TIME", 12), ("OBJ-DATA", 8)), team=("Q3009",), coordinator="Q1105",
)

BATTERY_MES = ProjectSpec(
    code="MES-21", zh="电池工厂 MES", en="Battery plant MES", type="it", unit="AUT-MF", pm="Q2017", sponsor="Q1004",
    summary="电芯到电池包全过程追溯与质量控制。",
    budget=1850, start=-52, portfolio="PF-02", priority="2_high", driver="compliance",
    goals=(
        Goal("蓝图确认", -37), Goal("一号线上线", -8, key=True), Goal("追溯审核通过", 6), Goal("二号线上线", 14, key=True), Goal("验收", 20),
    ),
    setbacks=(Setback(-19, 3, 1, "设备通信协议与投标文件不一致", "scope", "化成设备协议与投标文件不一致", "设备厂家补充网关", solved=6),),
    streams=_SYSTEM, drift=0.01, manner=Manner(optimism=2, on_time=0.97),
    objectives=(("OBJ-COST", 6), ("OBJ-RISK", 4)), team=("Q3013",), coordinator="Q1105",
)

BATTERY_PLANT = ProjectSpec(
    code="BAT-28", zh="电池二期厂房", en="Battery plant phase 2", type="construction", unit="AUT-MF", pm="Q2017", sponsor="Q1004",
    summary="新增 12 吉瓦时产能的厂房与公用工程。",
    budget=22400, start=-96, portfolio="PF-03", programme="PG-CAP", driver="date", priority="1_critical", critical=True,
    goals=(
        Goal("开工", -93), Goal("桩基完成", -72), Goal("主体结构封顶", -35), Goal("屋面与外墙完成", -11),
        Goal("洁净间交付", 6, key=True), Goal("竣工验收", 20), Goal("移交", 26, key=True),
    ),
    setbacks=(
        Setback(-79, 5, 1, "雨季桩基停工", "schedule", "连续降雨，桩基停工 6 天", "增加一台旋挖钻机", solved=4),
        Setback(-28, 6, 3, "外墙板到货不齐", "resource", "外墙板缺 18%，立面无法闭合", "改由两家供应", told=2, told_fully=5, solved=8, cost=0.012),
        Setback(-6, 7, 4, "洁净间风管返工", "quality", "洁净间风管漏风率超标", "分区整改并第三方复测", told=2, told_fully=4, solved=None, cost=0.015),
    ),
    changes=(BudgetChange(-23, 0.035, "CR-0121 增加废水回用，批准"),),
    streams=_PLANT, drift=0.03, manner=Manner(optimism=5, on_time=0.85, own_estimate=True),
    objectives=(("OBJ-GROW", 10), ("OBJ-COST", 6)), team=("Q3013", "Q3015"), coordinator="Q1105",
    parties=(("总承包商", "华筑建设", "厂房总承包", 4, 4),),
)

LONDON = ProjectSpec(
    code="LDN-30", zh="伦敦展示中心", en="London showroom", type="construction", unit="AUT", pm="Q2024", sponsor="Q1004",
    summary="海外首家品牌展示中心装修与开业。",
    budget=310, start=-108, portfolio="PF-03", currency="GBP", country="英国", priority="3_medium", driver="experience",
    goals=(Goal("租约签订", -99), Goal("规划许可", -76), Goal("装修完成", -51), Goal("开业", -42, key=True)),
    setbacks=(Setback(-89, 8, 1, "外立面方案须重新送审", "scope", "保护建筑外立面方案被退回", "委托当地建筑师修改方案", solved=8, cost=0.03),),
    streams=(Stream("capex", "construction", 0.6, "GBP"), Stream("opex", "services", 0.25, "GBP"), Stream("opex", "labour", 0.15, "CNY")),
    drift=0.03, manner=Manner(optimism=4, on_time=0.85), objectives=(("OBJ-CUST", 3),),
)

LEAN = ProjectSpec(
    code="LEA-38", zh="精益班组", en="Lean shop floor", type="operations", unit="AUT-MF", pm="Q2017", sponsor="Q1004",
    summary="60 个班组推行标准作业与快速换型。",
    budget=420, start=-92, portfolio="PF-04", priority="4_low",
    goals=(
        Goal("样板班组达标", -82), Goal("10 个班组达标", -66), Goal("20 个班组达标", -48), Goal("30 个班组达标", -24), Goal("40 个班组达标", -6),
        Goal("50 个班组达标", 8), Goal("60 个班组达标", 18, key=True),
    ),
    setbacks=(Setback(-28, 5, 4, "旺季加班挤占改善时间", "resource", "旺季产线加班，改善活动停 3 周", "改善时间写入排产", solved=10),),
    streams=(Stream("opex", "labour", 0.6), Stream("opex", "services", 0.4)), drift=-0.03,
    manner=Manner(optimism=4, on_time=0.8), objectives=(("OBJ-COST", 5), ("OBJ-TALE", 6)), weighted=False,
)

AUTOMOTIVE = (NEW_ENERGY_PLATFORM, SMART_COCKPIT, PLM, BATTERY_MES, BATTERY_PLANT, LONDON, LEAN)
