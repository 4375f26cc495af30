"""The risks of the story projects that their project managers wrote down themselves."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """A risk of a story. Weeks count from today; `share` is the cost if it happens as a share of the budget.

    `impact` are the steps on time, cost, scope and quality (0: none). `course` are (week, probability step) after the
    first, `closed` the week in which it was closed. An opportunity says so.
    """

    title: str
    cause: str
    effect: str
    category: str
    source: str
    probability: int
    impact: tuple[int, ...]
    share: float
    strategy: str
    response: str
    trigger: str
    week: float
    near: float
    course: tuple[tuple[float, int], ...] = ()
    closed: float | None = None
    opportunity: bool = False


# A project's code stands alone, its risks below it: title, cause, effect, category, source, probability, impact on time,
# cost, scope and quality, percent of the budget, strategy, response, trigger, week, week from which it could happen,
# course as week:probability, week of closing (+: an opportunity).
_TABLE = """
    NEV-01
    3 台测试台架 12 月排满，DV 试验排不进 | 新能源平台与智能座舱共用 3 台台架 | 量产每周再晚 5 个工作日 | O.1 | 共用测试台架 | 3 | 5 3 0 0 | 3 | mitigate | 与智能座舱商定分时段使用，或租第 4 台 | 台架周排期超过 95% | -18 | -2 | -12:4 -5:5 | -
    电芯单一来源断供 | 第二供应商认证尚未完成 | 样车装配停顿 4 周 | E.1 | 宁川电池 | 3 | 4 4 0 0 | 2 | mitigate | 第二家电芯供应商完成认证，备 6 周库存 | 交期超过 14 周 | -22 | 6 | -16:2 | -
    动力电池新国标提前实施 | 安全标准报批稿已公布 | 须补做热扩散试验 | E.2 | 国家汽车检测中心 | 2 | 3 2 0 3 | 1.2 | accept | 按报批稿预做差异试验 | 标准正式发布 | -14 | 14 | - | -
    认证与试生产并行，提前 3 个工作日 | 检测中心可接受分批送样 | 量产前移，节省等待费用 | M.2 | 国家汽车检测中心 | 3 | 2 2 0 0 | 0.8 | exploit | 提前锁定检测时段 | 检测中心确认排期 | -6 | 10 | - | - +
    SCP-02
    测试台架让给新能源平台，B 样标定停顿 | 台架由两个平台共用 | 标定再晚 3 周 | O.1 | 共用测试台架 | 3 | 4 2 0 2 | 2 | mitigate | 夜间与周末时段标定 | 排期会议未达成一致 | -16 | -1 | -6:4 | -
    座舱芯片代理涨价 | 芯片仅一家代理 | 物料成本上升 4% | E.3 | 海岚半导体 | 3 | 0 4 0 0 | 3 | transfer | 签两年框架价 | 代理发出调价函 | -20 | 8 | -9:2 | -
    语音模块误唤醒率不达标 | 降噪算法尚未定型 | 首发功能须删减 | T.4 | - | 3 | 3 0 4 4 | 1.5 | mitigate | 更换算法并复测，预留删减清单 | 复测误唤醒率高于 1% | -8 | 6 | -3:4 | -
    CRM-03
    第三方支付接口联调不通过，上线推迟 | 支付网关由另一个项目对接 | 上线从 1 月推到 3 月 | O.1 | 通汇支付 | 2 | 5 3 2 0 | 6 | mitigate | 准备备用支付通道，上线分两批 | 支付网关联调失败 | -15 | 5 | -8:3 -2:4 | -
    销售不用新界面 | 三个大区要求保留旧界面 | 线索录入率低于六成 | E.4 | 华东大区 | 3 | 2 1 3 0 | 1 | mitigate | 24 名超级用户试用，界面分两步切换 | 试用登录率低于五成 | -12 | 10 | - | -
    会员数据合并后可提前做精准营销 | 五个会员体系已合并 | 上线首季增收 | E.3 | - | 3 | 0 3 0 0 | 2 | enhance | 与市场部共同设计首批活动 | 数据核验通过 | -9 | 12 | - | - +
    UCK-04
    扩店后误识率仍高于 2% | 识别模块在生鲜区不稳定 | 40 家店扩店暂停，设备积压 | T.4 | 锐视智能 | 4 | 4 5 3 4 | 12 | mitigate | 更换识别模块，扩店设通过门槛 | 周误识率高于 2% | -16 | 8 | -8:5 | -
    识别模块供应商停产旧型号 | 供应商产品换代 | 备件不足 | E.1 | 锐视智能 | 2 | 2 3 0 0 | 3 | transfer | 合同约定三年备件 | 供应商发布停产通知 | -13 | 16 | - | -
    PGW-05
    第三方接口再次联调失败 | 签名与重试规则由对方决定 | 生产切换推迟，影响 CRM 升级与无人收银 | T.3 | 通汇支付 | 3 | 5 3 0 3 | 8 | mitigate | 对方研发到现场联调，备用通道同步评估 | 联调失败一次 | -18 | 3 | -10:4 -3:5 | -
    重复扣款引发客诉 | 超时重试没有幂等控制 | 赔付与声誉损失 | T.5 | 通汇支付 | 2 | 0 4 0 4 | 5 | avoid | 增加幂等号，切换前全量对账 | 对账差异出现 | -12 | 6 | - | -
    WHR-06
    仓储系统与调度系统时序冲突扩大到二号仓 | 两套系统由两家厂商提供 | 二号仓达产推迟 | T.3 | 极仓科技 | 3 | 4 3 0 2 | 3 | mitigate | 一号仓稳定四周后再改二号仓 | 错道率高于千分之二 | -7 | 12 | - | -
    备机可与华东配送中心共用 | 两仓高峰错开一个月 | 少买 6 台机器人 | O.2 | - | 3 | 0 3 0 0 | 3 | share | 与配送中心签设备共用约定 | 配送中心投入使用日期确认 | -20 | 20 | - | - +
    RVT-07
    西侧桩基遇软弱夹层，方案 48 小时内须定 | 勘察孔距 30 米，西侧未加密 | 钻机退场再进场要 9 天 | T.3 | 东方建筑设计院 | 3 | 4 4 0 3 | 2.5 | mitigate | 补勘 12 个孔并复核桩长 | 试桩沉降超标 | -24 | -8 | -14:4 -9:5 | -
    地下室层高变更获批 | 业主要求地下室层高加 0.6 m | 工期增加 18 天，成本增加 420 万元 | E.4 | 滨江置业 | 4 | 3 4 4 0 | 3.4 | accept | 变更评估完成前不下料，费用向业主签证 | 业主正式发函 | -5 | 2 | - | -
    幕墙与塔吊工序冲突 | 塔吊租期固定 | 幕墙推迟 2 周 | M.2 | - | 3 | 2 2 0 0 | 0.6 | avoid | 塔吊租期延长 2 个月 | 塔吊退场日期确认 | -30 | -8 | -14:2 | -10
    钢材价格上涨 | 主体结构用钢 1.1 万吨 | 材料成本上升 | E.3 | 钢材价格 | 3 | 0 4 0 0 | 3 | transfer | 季度锁价，调差条款写入合同 | 钢材指数月涨幅超过 5% | -36 | 30 | -20:2 -6:3 | -
    SAP-08
    物料主数据清洗不完，首个工厂上线推迟 | 三个工厂物料编码规则不同 | 上线与年结同月，财务无人支援 | T.5 | SAP 主数据 | 3 | 5 3 0 4 | 4 | mitigate | 三个工厂各抽 4 人集中清洗，每日核对 | 抽样重复率高于 5% | -26 | -4 | -18:4 -12:5 | -
    年结期间关键用户不可用 | 上线与年结同月 | 验收无人签字 | O.2 | - | 4 | 3 2 0 0 | 1.5 | avoid | 请集团决定是否推迟到年结后 | 年结计划发布 | -6 | 8 | - | -
    云服务器租用到期涨价 | 租用期两年 | 运行成本上升 | E.3 | - | 2 | 0 2 0 0 | 1 | transfer | 续租价格写入合同 | 供应商发出续租报价 | -18 | 40 | -10:1 | -5
    TWE-09
    铁塔供应商同时服务 3 个项目，到货不足 | 安擎铁塔产能每月 60 座 | 开通站数落后 | E.1 | 安擎铁塔 | 3 | 4 3 0 0 | 3 | mitigate | 认证备用铁塔供应商，三个项目统一排产 | 月到货率低于八成 | -30 | -20 | -24:4 -21:5 | -
    物业拒签剩余站址 | 部分业主担心辐射 | 14 个站址须改址 | E.4 | - | 3 | 3 2 2 0 | 1.5 | mitigate | 区公司领导对口协调，备选站址同步勘察 | 物业书面拒绝 | -28 | 6 | - | -
    TWW-10
    铁塔供应商优先东区，西区断档 | 三个项目用同一家供应商 | 西区停工 3 周 | E.1 | 安擎铁塔 | 3 | 4 3 0 0 | 3 | mitigate | 合同约定分区班组，统一排产 | 供应商调走班组 | -20 | 4 | -8:4 | -
    山区站址道路中断 | 雨季滑坡 | 运输改道 | E.5 | - | 3 | 2 2 0 0 | 1 | accept | 雨季前备料 | 道路预警 | -40 | -20 | -26:2 | -16
    TWR-35
    加固班组再次被调往东区 | 供应商同时服务 3 个项目 | 410 座加固再晚 4 周 | E.1 | 安擎铁塔 | 4 | 4 3 0 0 | 3.5 | transfer | 合同补充班组数量与违约金 | 现场班组少于 4 个 | -18 | 4 | -6:5 | -
    锈蚀超限铁塔多于检测比例 | 检测抽样 30% | 须拆除新建 | T.4 | - | 3 | 3 4 4 3 | 5 | mitigate | 剩余铁塔全检 | 新检出率高于 9% | -8 | 6 | - | -
    RUH-12
    斋月工效降到七成，支架安装跨斋月 | 安装计划跨斋月 | 工期损失 6 个工作日 | M.2 | 沙特阿拉伯 | 5 | 3 3 0 0 | 2 | mitigate | 斋月前抢装，夜班补工，合同工期另行索赔 | 斋月日期公布 | -20 | 12 | - | -
    美元对人民币汇率波动 | 800 万美元敞口未锁定 | 汇率每变 1%，损益 57 万元 | E.3 | 美元汇率 | 4 | 0 5 0 0 | 8 | transfer | 建议远期锁定 60%，其余随付款节点 | 周波动超过 1% | -18 | 6 | -6:5 | -
    并网许可审批延误 | 沙特电力要求补充保护定值 | 并网推迟一个月 | E.2 | 沙特电力 SEC | 3 | 5 3 0 0 | 5 | mitigate | 委托当地设计院提前补算 | 审批超过 30 天 | -17 | 16 | -8:2 | -
    红海航线再度改道 | 航运公司绕行好望角 | 组件到港推迟 2 周 | E.1 | 海运 | 3 | 4 3 0 0 | 2 | mitigate | 后续批次直航，分两港卸货 | 船期公告改道 | -14 | -6 | -8:4 -6.5:5 | -
    SUB-29
    吊装船错过 3 月窗口 | 吊装船前一项目未完 | 等到 5 月，待工费用 240 万元 | E.1 | 远海工程船务 | 3 | 5 4 0 0 | 4 | transfer | 签备用吊装船 | 船东未确认档期 | -22 | 14 | -8:4 -2:5 | -
    焊缝合格率反复 | 焊工流动 | 返修与探伤增加 | T.5 | - | 3 | 3 3 0 4 | 3 | mitigate | 焊工重新评定，探伤比例提高 | 周合格率低于 96% | -40 | -12 | -30:4 -20:2 | -14
    BAT-28
    洁净间风管复测仍不合格 | 风管由两个班组施工 | 洁净间交付推迟 | T.5 | 华筑建设 | 3 | 4 3 0 4 | 2 | mitigate | 分区整改，第三方复测 | 漏风率高于 2% | -12 | 4 | -5:4 | -
    废水回用带来环保补贴 | 地方政策鼓励回用 | 补贴约 300 万元 | E.2 | - | 3 | 0 3 0 0 | 1.3 | enhance | 按补贴要求整理验收资料 | 申报通知发布 | -20 | 24 | - | - +
    GDP-14
    七个事业部指标口径再次分歧 | 考核与口径挂钩 | 经营指标上线推迟 | O.4 | - | 3 | 3 1 3 0 | 1 | mitigate | 首席财务官主持定稿会 | 事业部书面异议 | -14 | 8 | -6:2 | -
    MDM-24
    欧元汇率上升，服务费超支 | 合同以欧元计价 | 成本上升 3% | E.3 | 欧元汇率 | 3 | 0 3 0 0 | 3 | transfer | 随集团一并锁汇 | 月波动超过 2% | -24 | 6 | - | -
    欧盟数据出境评估未通过 | 主数据含员工信息 | 两家公司不能并入 | E.2 | 欧盟 GDPR | 2 | 4 2 4 0 | 4 | avoid | 去标识化后再传输 | 监管机构来函 | -20 | 10 | - | -
    HSE-37
    停车窗口再次推迟 | 装置排产紧 | 监管验收超期 | O.1 | 装置停车 | 4 | 5 2 0 0 | 2 | mitigate | 分两次短停施工 | 生产计划调整 | -24 | 6 | -10:5 | -
    APS-15
    会签部门退回增多 | 并联会签后责任不清 | 中位数回升到 30 天 | O.4 | - | 2 | 2 0 3 2 | 1 | mitigate | 明确会签时限与默认同意规则 | 周退回率高于 10% | -12 | 6 | - | -
    流程可复制到其他事业部 | 试点数据完整 | 两个事业部同步受益 | O.4 | - | 4 | 0 2 0 0 | 5 | share | 与化工、通信事业部共建模板 | 集团发文推广 | -8 | 12 | - | - +
    CEM-13
    核查机构排期推迟 | 年底核查集中 | 正式核查推迟 | E.2 | 核查机构 | 3 | 3 1 0 0 | 1 | mitigate | 提前预约两家机构 | 机构未确认日期 | -10 | 12 | - | -
    OMS-18
    大促流量超过压测峰值 | 渠道合并后峰值未知 | 订单积压 | T.4 | - | 3 | 2 3 0 4 | 3 | mitigate | 按 1.5 倍峰值压测，预案降级 | 压测响应超过 2 秒 | -16 | -4 | -8:2 | -3
"""


def _read(line: str) -> Told:
    parts = [part.strip() for part in line.split("|")]
    (title, cause, effect, category, source, chance, impact, share, strategy, response, trigger, week, near) = parts[
        :13
    ]
    moves = [] if parts[13] == "-" else [move.split(":") for move in parts[13].split()]
    closed = parts[14].removesuffix("+").strip()
    return Told(
        title,
        cause,
        effect,
        category,
        "" if source == "-" else source,
        int(chance),
        tuple(int(step) for step in impact.split()),
        float(share) / 100,
        strategy,
        response,
        trigger,
        float(week),
        float(near),
        tuple((float(at), int(step)) for at, step in moves),
        None if closed == "-" else float(closed),
        parts[14].endswith("+"),
    )


def _stories() -> dict[str, tuple[Told, ...]]:
    found: dict[str, list[Told]] = {}
    rows: list[Told] = []
    for line in _TABLE.strip().splitlines():
        if "|" in line:
            rows.append(_read(line))
        else:
            rows = found.setdefault(line.strip(), [])
    return {code: tuple(told) for code, told in found.items()}


RISKS = _stories()
