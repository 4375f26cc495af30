"""Retail: CRM upgrade, unmanned checkout, warehouse robots and payment gateway, all found on one customer journey map."""

from __future__ import annotations

from portfolio.demo.spec import Ask, BudgetChange, Goal, Manner, ProjectSpec, Setback, Stream

_SYSTEM = (Stream("opex", "labour", 0.45), Stream("capex", "software", 0.25), Stream("opex", "services", 0.30))
_STORE = (
    Stream("capex", "equipment", 0.42), Stream("opex", "labour", 0.28), Stream("capex", "software", 0.16), Stream("opex", "services", 0.14),
)

CRM = ProjectSpec(
    code="CRM-03", zh="CRM 升级", en="CRM upgrade", type="it", unit="RET-DG", pm="Q2005", sponsor="Q1005",
    summary="会员、商机与服务合并到一个平台。",
    budget=3800, start=-60, portfolio="PF-01", programme="PG-JRN", driver="experience", priority="2_high", method="hybrid",
    goals=(
        Goal("需求冻结", -50), Goal("数据模型确认", -37), Goal("核心模块开发完成", -17), Goal("集成测试通过", -1),
        Goal("用户验收", 5), Goal("上线", 8, key=True), Goal("销售全员培训完成", 12),
    ),
    setbacks=(Setback(-7, 2, 4, "销售抵触界面改版", "scope", "三个大区销售要求保留旧界面", "安排 24 名超级用户试用", solved=None, told=1, told_fully=2),),
    streams=_SYSTEM, drift=0.025, manner=Manner(optimism=2, on_time=0.98),
    objectives=(("OBJ-CUST", 20), ("OBJ-GROW", 8), ("OBJ-DATA", 8)), team=("Q3005", "Q3022"), coordinator="Q1104",
    parties=(("实施商", "云拓软件", "CRM 实施", 3, 4), ("销售大区", "华东大区", "最终用户", 4, 4)),
)

UNMANNED_CHECKOUT = ProjectSpec(
    code="UCK-04", zh="无人收银", en="Unmanned checkout", type="product", unit="RET-DG", pm="Q2004", sponsor="Q1005",
    summary="识别结算一体机，先 12 家店，再扩至 40 家。",
    budget=2650, start=-35, portfolio="PF-01", programme="PG-JRN", driver="experience", priority="2_high", method="agile", critical=True,
    goals=(
        Goal("识别模型选定", -28, earns=12), Goal("样店验证", -18, earns=18), Goal("12 家店上线", -9, earns=23),
        Goal("12 家店稳定运行", -3, earns=15), Goal("扩店至 40 家", 10, key=True, earns=22), Goal("验收", 14, earns=10),
    ),
    setbacks=(
        Setback(-20, 6, 1, "生鲜称重误识", "quality", "生鲜称重误识率 5%，高于目标 2%", "增加称重二次校验", told=3, told_fully=6, solved=12, cost=0.02),
        Setback(-11, 30, 3, "12 家店误识率 3.4%，高于目标 2%", "quality", "12 家店误识率 3.4%，高于目标 2%，扩店暂停",
                "更换识别模块并重训模型", told=5, told_fully=8, first_share=0.3, cost=0.03, solved=None),
        Setback(-4, -10, 4, "扩店批次合并", "scope", told=3, told_fully=3, first_share=1.0),
    ),
    asks=(Ask("无人收银：追加还是暂停扩店", "追加 622 万元完成 40 家，或停在现有 12 家店。", "Q1005", -1, 6, 38),),
    streams=_STORE, drift=0.045, manner=Manner(optimism=48, flattery=0.12, on_time=1.0, missing=0.0, stubborn=True),
    objectives=(("OBJ-CUST", 10), ("OBJ-COST", 16)), team=("Q3006", "Q3022"), coordinator="Q1104",
    parties=(("设备供应商", "锐视智能", "识别模块", 3, 3),),
)

PAYMENT_GATEWAY = ProjectSpec(
    code="PGW-05", zh="支付网关对接", en="Payment gateway", type="it", unit="RET-DG", pm="Q2003", sponsor="Q1005",
    summary="对接第三方支付与会员储值，供 CRM 与无人收银使用。",
    budget=1140, start=-26, portfolio="PF-01", programme="PG-JRN", driver="date", priority="2_high",
    goals=(
        Goal("接口规范确认", -21), Goal("沙箱联调通过", -12), Goal("第三方接口联调通过", -4, key=True), Goal("安全测评", 1),
        Goal("生产切换", 5, key=True),
    ),
    setbacks=(
        Setback(-14, 5, 1, "第三方接口第 1 次联调失败", "quality", "第三方接口第 1 次联调失败：签名算法版本不同", "双方核对签名算法", told=1.5, told_fully=3, solved=5),
        Setback(-6, 10, 2, "第三方接口第 2 次联调失败", "quality", "第三方接口第 2 次联调失败：超时重试造成重复扣款", "增加幂等号，改重试规则",
                told=1.5, told_fully=4, cost=0.04, solved=None),
        Setback(-2.2, 13, 2, "第三方接口第 3 次联调失败", "quality", "第三方接口第 3 次联调失败", "对方研发到现场联调", told=0.4, told_fully=0.6,
                first_share=0.7, cost=0.03, solved=None),
    ),
    asks=(Ask("是否启用备用支付通道", "若 12 月中旬仍不通过，CRM 升级上线从 1 月推到 3 月；备用通道费率高 0.08%。", "Q1005", -0.8, 14, 22),),
    streams=_SYSTEM, drift=0.05, manner=Manner(optimism=14, flattery=0.2, on_time=0.94),
    objectives=(("OBJ-CUST", 8), ("OBJ-COST", 12), ("OBJ-RISK", 18)), team=("Q3005",), coordinator="Q1104",
    parties=(("支付机构", "通汇支付", "第三方接口", 5, 2),),
)

WAREHOUSE_ROBOTS = ProjectSpec(
    code="WHR-06", zh="仓储机器人", en="Warehouse robots", type="operations", unit="RET-LG", pm="Q2006", sponsor="Q1005",
    summary="两个区域仓改为货到人拣选。",
    budget=5200, start=-68, portfolio="PF-01", programme="PG-JRN", driver="competitor", priority="2_high",
    goals=(
        Goal("仓型仿真完成", -58), Goal("设备下单", -44), Goal("一号仓货架改造", -24), Goal("分拣线联调", -2),
        Goal("一号仓达产", 8, key=True), Goal("二号仓达产", 20, key=True),
    ),
    setbacks=(
        Setback(-48, 3, 1, "机器人报价超预算，重新议价", "scope", "首轮报价高于预算 14%", "三家比价并减少备机", solved=5),
        Setback(-6, 9, 3, "分拣线与仓储系统时序冲突", "quality", "分拣线联调时序冲突，包裹错道", "仓储系统增加缓冲队列", told=2, told_fully=3.2,
                solved=None, cost=0.02),
    ),
    streams=_STORE, drift=0.03, manner=Manner(optimism=5, on_time=1.0),
    objectives=(("OBJ-COST", 27), ("OBJ-CUST", 8)), team=("Q3011",), coordinator="Q1104",
    parties=(("设备供应商", "极仓科技", "机器人与调度系统", 3, 4),),
)

ORDER_HUB = ProjectSpec(
    code="OMS-18", zh="全渠道订单中心", en="Omnichannel order hub", type="it", unit="RET-DG", pm="Q2023", sponsor="Q1005",
    summary="门店、小程序、平台订单统一履约。",
    budget=1680, start=-80, portfolio="PF-02", driver="date", method="agile", priority="2_high",
    goals=(
        Goal("产品愿景确认", -73), Goal("首个渠道上线", -47), Goal("门店发货上线", -24), Goal("大促前压测通过", -4, key=True),
        Goal("全渠道切换", 9, key=True),
    ),
    setbacks=(Setback(-34, 4, 2, "门店库存准确率不足", "quality", "门店库存准确率 91%，低于 97%", "逐店循环盘点", told=2, told_fully=3, solved=10),),
    streams=_SYSTEM, drift=0.03, manner=Manner(optimism=3, on_time=0.95),
    objectives=(("OBJ-CUST", 5), ("OBJ-GROW", 4)), team=("Q3022",),
)

LOYALTY = ProjectSpec(
    code="LOY-19", zh="会员积分一体化", en="Unified loyalty points", type="it", unit="RET-DG", pm="Q2005", sponsor="Q1005",
    summary="五个会员体系合并为一。",
    budget=760, start=-112, portfolio="PF-02", priority="3_medium", driver="experience",
    goals=(Goal("规则统一", -100), Goal("数据合并", -83), Goal("试点门店", -68), Goal("全国上线", -56, key=True)),
    setbacks=(
        Setback(-95, 10, 1, "两个会员体系积分口径不同", "scope", "积分有效期口径不同，须法务确认", "法务出具换算规则", told=3, told_fully=7, solved=9, cost=0.04),
        Setback(-78, 8, 2, "会员手机号重复率高", "quality", "会员手机号重复 6.2%", "短信核验并合并", told=2, told_fully=5, solved=8, cost=0.03),
    ),
    streams=_SYSTEM, drift=0.05, manner=Manner(optimism=10, on_time=0.85), objectives=(("OBJ-CUST", 3),),
)

SERVICE_ASSISTANT = ProjectSpec(
    code="AIS-25", zh="客服智能助手", en="AI customer-service assistant", type="it", unit="RET-DG", pm="Q2023", sponsor="Q1005",
    summary="以自建模型接管六成在线咨询。",
    budget=980, start=-84, portfolio="PF-02", driver="competitor", method="design_thinking", priority="3_medium",
    goals=(Goal("语料整理", -71), Goal("试点坐席上线", -52), Goal("接管率三成", -33, key=True), Goal("接管率六成", -10, key=True)),
    setbacks=(
        Setback(-65, 12, 1, "语料标注质量不合格", "quality", "标注一致率 71%，无法训练", "更换标注供应商", told=3, told_fully=7, solved=10, cost=0.06),
        Setback(-46, 20, 2, "自建模型接管率停在 18%", "benefits", "接管率 18%，三个月没有提高", "评估外购方案", told=4, told_fully=8, solved=None, cost=0.1),
    ),
    asks=(Ask("客服智能助手是否继续", "外购同类服务三年成本低 40%。建议终止自建，语料转入知识库。", "Q1005", -30, 0, 12, decided=-25,
              outcome="终止自建，已发生成本列为沉没，语料与标注规范移交知识库。"),),
    streams=_SYSTEM, drift=0.12, ended_at=-25, manner=Manner(optimism=18, flattery=0.3, on_time=0.85), objectives=(("OBJ-COST", 4),),
)

DISTRIBUTION_CENTRE = ProjectSpec(
    code="WHF-27", zh="华东配送中心扩建", en="East China distribution centre", type="construction", unit="RET-LG", pm="Q2006", sponsor="Q1005",
    summary="新增 4.2 万平方米仓面与分拨区。",
    budget=9600, start=-24, portfolio="PF-03", programme="PG-CAP", priority="2_high",
    goals=(
        Goal("开工", -20), Goal("基础完成", -8), Goal("钢结构吊装完成", 6), Goal("消防验收", 20), Goal("投入使用", 28, key=True),
    ),
    setbacks=(Setback(-13, 6, 1, "地下管线与图纸不符", "scope", "发现未标注的 10 千伏电缆", "与电力部门改迁", told=1, told_fully=3, solved=None, cost=0.012),),
    changes=(BudgetChange(-9, 0.02, "CR-0136 电缆改迁，批准"),),
    streams=(Stream("capex", "construction", 0.78), Stream("capex", "equipment", 0.14), Stream("opex", "services", 0.08)),
    drift=0.04, manner=Manner(optimism=4, on_time=0.9), objectives=(("OBJ-COST", 5), ("OBJ-CUST", 2)), coordinator="Q1105",
)

RETAIL = (CRM, UNMANNED_CHECKOUT, PAYMENT_GATEWAY, WAREHOUSE_ROBOTS, ORDER_HUB, LOYALTY, SERVICE_ASSISTANT, DISTRIBUTION_CENTRE)
