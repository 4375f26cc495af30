"""The fields of a project portfolio that imports know by themselves, with their usual headers in Chinese and English.

An app hands its own list to the engine; it may start from this one and replace or add fields (`dataclasses.replace`).
"""

from django.utils.translation import gettext_lazy as _

from pmo.core.imports.currencies import CODES, SIGNS, default_code
from pmo.core.imports.fields import ImportField
from pmo.core.imports.words import Choice


def currency_choices() -> tuple[Choice, ...]:
    """Every currency with the signs and words that mean it."""
    words: dict[str, list[str]] = {code: [code] for code in sorted(CODES)}
    for word, sign in SIGNS.items():
        words[default_code(sign)].append(word)
    return tuple(Choice(code, tuple(names)) for code, names in words.items())


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


TYPES = (
    Choice("product", _names("product, product development, 产品, 产品研发, 产品开发, 研发, 新产品")),
    Choice("it", _names("it, ict, information technology, software, digital, 信息技术, 信息化, 软件, 数字化, it项目")),
    Choice(
        "construction",
        _names(
            "construction, engineering, engineering and construction, infrastructure, infrastructure and construction, "
            "capital, 工程, 工程建设, 基建, 建设, 施工, 基础设施"
        ),
    ),
    Choice("transformation", _names("transformation, change, business change, 变革, 转型, 数字化转型, 业务转型")),
    Choice(
        "operations",
        _names("operations, operations improvement, operational improvement, 运营, 运营改进, 运营改善, 运维"),
    ),
    Choice("compliance", _names("compliance, regulatory, 合规, 监管")),
    Choice("other", _names("other, others, 其他, 其它")),
)
STAGES = (
    Choice(
        "initiating",
        _names(
            "initiating, initiation, start-up, startup, feasibility, proposal, 启动, 立项, 可研, 启动阶段, 立项阶段"
        ),
    ),
    Choice(
        "planning", _names("planning, plan, definition, design, 规划, 计划, 策划, 设计, 规划阶段, 计划阶段, 设计阶段")
    ),
    Choice(
        "executing",
        _names(
            "executing, execution, delivery, implementation, build, development, 执行, 实施, 开发, 建设, 执行阶段, "
            "实施阶段"
        ),
    ),
    Choice(
        "monitoring", _names("monitoring, monitoring and control, control, test, testing, 监控, 测试, 试运行, 监控阶段")
    ),
    Choice("closing", _names("closing, closure, close-out, handover, transition, 收尾, 结项, 验收, 交付, 收尾阶段")),
)
STATUSES = (
    Choice("not_started", _names("not started, planned, proposed, 未开始, 未启动, 待启动, 筹备中")),
    Choice(
        "in_progress",
        _names("in progress, in-progress, active, ongoing, open, running, 进行中, 在建, 执行中, 实施中, 已启动"),
    ),
    Choice("suspended", _names("on hold, suspended, paused, 挂起, 已挂起, 暂停, 已暂停")),
    Choice(
        "closed",
        _names("closed, completed, complete, done, finished, 已关闭, 关闭, 已完成, 完成, 已结项, 结项, 已验收"),
    ),
    Choice("terminated", _names("terminated, cancelled, canceled, stopped, aborted, 终止, 已终止, 叫停, 取消, 已取消")),
)
PRIORITIES = (
    Choice("1_critical", _names("critical, urgent, p0, 紧急, 特急, 最高, 关键")),
    Choice("2_high", _names("high, p1, 高")),
    Choice("3_medium", _names("medium, normal, p2, 中, 普通, 一般")),
    Choice("4_low", _names("low, p3, 低")),
)
"""Values of the project registry and the words that mean them; an app with other values hands in its own."""

IDENTITY = (
    ImportField(
        "code",
        _("Project code"),
        max_length=60,
        aliases=_names(
            "项目编号, 项目代号, 项目编码, 项目代码, 编号, 编码, 项目号, project code, project number, project no, "
            "project id, project key, code, number, id, uii, identifier, ref, reference"
        ),
    ),
    ImportField(
        "name",
        _("Name"),
        max_length=300,
        aliases=_names("项目名称, 名称, 项目, 项目名, 工程名称, project name, project title, project, name, title"),
    ),
    ImportField(
        "name_zh",
        _("Chinese name"),
        max_length=300,
        aliases=_names("中文名称, 项目中文名称, 中文名, name zh, chinese name, name (chinese)"),
    ),
    ImportField(
        "name_en",
        _("English name"),
        max_length=300,
        aliases=_names("英文名称, 项目英文名称, 英文名, name en, english name, name (english)"),
    ),
)
PLACE = (
    ImportField(
        "unit",
        _("Business unit"),
        kind="reference",
        reference="unit",
        aliases=_names(
            "部门, 所属部门, 责任部门, 主责部门, 承担部门, 业务单元, 事业部, 组织, 单位, 牵头部门, department, "
            "unit, org unit, business unit, division, owner group, organisation, organization, dept"
        ),
    ),
    ImportField(
        "type",
        _("Project type"),
        kind="choice",
        choices=TYPES,
        aliases=_names("项目类型, 类型, 项目类别, 类别, project type, type, category, project category"),
    ),
    ImportField(
        "portfolio",
        _("Portfolio"),
        kind="reference",
        reference="portfolio",
        aliases=_names("项目组合, 所属项目组合, 组合, portfolio, agency, portfolio name"),
    ),
    ImportField(
        "programme",
        _("Programme"),
        kind="reference",
        reference="programme",
        aliases=_names(
            "项目集, 所属项目集, 项目群, 计划集, programme, program, programme name, program name, investment, "
            "investment title, delivery program"
        ),
    ),
    ImportField(
        "pm",
        _("Project manager"),
        kind="reference",
        reference="person",
        aliases=_names(
            "项目经理, 负责人, 项目负责人, 经理, project manager, pm, manager, project lead, owner, project owner, "
            "responsible"
        ),
    ),
    ImportField(
        "sponsor",
        _("Sponsor"),
        kind="reference",
        reference="person",
        aliases=_names(
            "发起人, 项目发起人, 赞助人, 分管领导, sponsor, project sponsor, executive sponsor, sro, "
            "senior responsible owner"
        ),
    ),
)
TIME = (
    ImportField(
        "planned_start",
        _("Planned start"),
        kind="date",
        part_of_date="first",
        aliases=_names(
            "计划开始, 计划开始日期, 计划开始时间, 开始日期, 开始时间, 开工日期, 立项日期, 启动日期, 计划启动, "
            "planned start, start date, start, baseline start, planned start date, project start"
        ),
    ),
    ImportField(
        "planned_finish",
        _("Planned finish"),
        kind="date",
        part_of_date="last",
        aliases=_names(
            "计划完成, 计划完成日期, 计划完成时间, 计划结束, 计划结束日期, 结束日期, 完成日期, 完工日期, 结束时间, "
            "计划完工, planned finish, planned end, planned completion, planned completion date, end date, "
            "finish date, end, finish, baseline finish, due date, completion date, completion, deadline"
        ),
    ),
    ImportField(
        "forecast_start",
        _("Forecast start"),
        kind="date",
        part_of_date="first",
        aliases=_names("预计开始, 预计开始日期, 预测开始, forecast start, expected start, projected start"),
    ),
    ImportField(
        "forecast_finish",
        _("Forecast finish"),
        kind="date",
        part_of_date="last",
        aliases=_names(
            "预计完成, 预计完成日期, 预测完成, 预计结束, 预测完成日期, 预计完工, forecast finish, forecast end, "
            "expected finish, projected completion, projected actual completion, forecast completion, "
            "estimated completion"
        ),
    ),
    ImportField(
        "actual_start",
        _("Actual start"),
        kind="date",
        part_of_date="first",
        aliases=_names("实际开始, 实际开始日期, 实际开始时间, 实际开工, actual start, actual start date"),
    ),
    ImportField(
        "actual_finish",
        _("Actual finish"),
        kind="date",
        part_of_date="last",
        aliases=_names(
            "实际完成, 实际完成日期, 实际完成时间, 实际结束, 实际完工, actual finish, actual end, "
            "actual completion, actual finish date, actual end date, completed on"
        ),
    ),
    ImportField(
        "percent_complete",
        _("Percent complete"),
        kind="percent",
        places=2,
        minimum=0,
        maximum=100,
        aliases=_names(
            "完成百分比, 完成率, 进度, 完成进度, 完成度, 总体进度, 项目进度, 实际进度, percent complete, progress, "
            "% complete, complete, completion %, pct complete, physical progress"
        ),
    ),
)
MONEY = (
    ImportField(
        "budget",
        _("Budget"),
        kind="money",
        places=2,
        aliases=_names(
            "预算, 项目预算, 总预算, 预算金额, 批准预算, 批复预算, 总投资, 投资额, 投资总额, 概算, 合同额, budget, "
            "total budget, approved budget, planned cost, whole life cost, wlc, baseline cost, bac"
        ),
    ),
    ImportField(
        "forecast_cost",
        _("Estimate at completion"),
        kind="money",
        places=2,
        aliases=_names(
            "预计成本, 预测成本, 完工估算, 预计总成本, 预计费用, forecast cost, estimate at completion, eac, "
            "forecast, projected cost, projected actual cost, estimated cost"
        ),
    ),
    ImportField(
        "actual_cost",
        _("Actual cost"),
        kind="money",
        places=2,
        aliases=_names(
            "实际成本, 已发生成本, 实际支出, 已用预算, 累计支出, 实际费用, 已支出, actual cost, actuals, spent, "
            "spend to date, cost to date, acwp"
        ),
    ),
    ImportField(
        "currency",
        _("Currency"),
        kind="choice",
        choices=currency_choices(),
        aliases=_names("币种, 货币, currency, currency code, ccy"),
    ),
)
STATE = (
    ImportField(
        "country",
        _("Country or region"),
        max_length=60,
        aliases=_names("国家, 国家/地区, 所在国家, country, location country"),
    ),
    ImportField(
        "reviewed_rating",
        _("Reviewed rating"),
        kind="rag",
        aliases=_names(
            "评审评级, 评审结果, pmo评级, 复核评级, 审查评级, 独立评级, dca, delivery confidence, "
            "delivery confidence assessment, ipa rating, reviewed rating, assurance rating, review rating, "
            "gateway rating"
        ),
    ),
    ImportField(
        "reviewed_comment",
        _("Comment on the reviewed rating"),
        multiline=True,
        aliases=_names(
            "评审意见, 复核意见, 评审说明, rating comment, review comment, reviewed comment, dca commentary, "
            "assurance comment"
        ),
    ),
    ImportField(
        "declared_rating",
        _("Declared rating"),
        kind="rag",
        aliases=_names(
            "健康度, 项目健康度, 红黄绿灯, 状态灯, 交通灯, 自评, 自评状态, 灯号, 健康状态, rag, rag status, "
            "health, rating, project health, declared rating, overall rag, overall status, traffic light"
        ),
    ),
    ImportField(
        "declared_comment",
        _("Comment on the declared rating"),
        multiline=True,
        aliases=_names(
            "状态说明, 进展情况, 进展说明, 情况说明, 备注, status comment, declared comment, comment, comments, "
            "status update, commentary, remarks"
        ),
    ),
    ImportField(
        "priority",
        _("Priority"),
        kind="choice",
        choices=PRIORITIES,
        aliases=_names("优先级, 项目优先级, 重要程度, priority, project priority"),
    ),
    ImportField(
        "status",
        _("Status"),
        kind="choice",
        choices=STATUSES,
        aliases=_names("状态, 项目状态, 当前状态, status, project status, state"),
    ),
    ImportField(
        "stage",
        _("Stage"),
        kind="choice",
        choices=STAGES,
        aliases=_names("阶段, 项目阶段, 当前阶段, 所处阶段, stage, phase, project stage, project phase, gate"),
    ),
    ImportField(
        "summary",
        _("Summary"),
        multiline=True,
        aliases=_names(
            "项目概述, 概述, 简介, 项目简介, 项目描述, 描述, 说明, 项目内容, summary, description, scope, "
            "project description, overview, objectives"
        ),
    ),
)

PORTFOLIO_FIELDS: tuple[ImportField, ...] = (*IDENTITY, *PLACE, *TIME, *MONEY, *STATE)
"""Every field that a portfolio file can fill, in the order in which the wizard offers them."""
