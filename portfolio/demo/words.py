"""What goes wrong in daily work, by project type: cause, dimension, issue, what is done about it."""

from __future__ import annotations

from typing import NamedTuple


class Trouble(NamedTuple):
    """A cause of delay in everyday words."""

    cause: str
    dimension: str
    issue: str
    fix: str


_ANYWHERE = (
    Trouble("关键人员被其他项目借调", "resource", "关键岗位人员被借调，任务无人接手", "与资源经理确定归还日期"),
    Trouble("供应商交付晚两周", "resource", "供应商交付晚于合同日期", "按周跟踪供应商排产"),
    Trouble("需求追加未评估工期", "scope", "业务部门追加需求，未走变更", "补做变更影响分析"),
    Trouble("评审遗留问题未关闭", "quality", "阶段评审遗留问题超期", "责任人逐项关闭并复核"),
    Trouble("采购流程超过计划周期", "schedule", "采购审批比计划多两周", "提前启动下一批采购"),
    Trouble("发起人对范围意见不一", "scope", "两个部门对范围意见不一", "发起人主持一次定稿会"),
)
_BY_TYPE: dict[str, tuple[Trouble, ...]] = {
    "product": (
        Trouble("样件尺寸超差返工", "quality", "样件尺寸超差，装配不到位", "供应商驻厂整改"),
        Trouble("试验设备故障停机", "resource", "试验设备故障，排队顺延", "租用外部试验室"),
        Trouble("法规标准换版", "scope", "认证标准换版，须补试验", "补做差异试验"),
        Trouble("关键零部件单一来源缺货", "risk", "单一来源零部件断供", "导入第二供应商"),
    ),
    "it": (
        Trouble("接口文档与实现不一致", "quality", "接口联调失败，字段口径不同", "双方现场联调并更新文档"),
        Trouble("历史数据清洗量超出估计", "quality", "历史数据重复与缺失", "分批清洗并抽样核对"),
        Trouble("测试环境不稳定", "resource", "测试环境每周中断两天", "单独搭建测试环境"),
        Trouble("用户验收参加人数不足", "resource", "验收用户到场不足一半", "各部门指定验收人"),
    ),
    "construction": (
        Trouble("连续降雨停工", "schedule", "连续降雨，室外作业停 5 天", "调整工序，先做室内"),
        Trouble("主材到货不齐", "resource", "主材到货不足七成", "两家同时供货"),
        Trouble("图纸与现场不符", "scope", "图纸与现场管线冲突", "设计驻场出变更单"),
        Trouble("隐蔽工程验收未通过", "quality", "隐蔽工程验收提出整改", "分区整改并复验"),
    ),
    "transformation": (
        Trouble("一线部门不愿切换", "scope", "两个部门继续用旧流程", "部门负责人签字并纳入考核"),
        Trouble("试点效果未达目标", "benefits", "试点指标只完成六成", "复盘试点并调整方案"),
        Trouble("培训覆盖率不足", "resource", "培训到课率 58%", "改为分批短课"),
    ),
    "operations": (
        Trouble("旺季生产挤占改善时间", "resource", "旺季排产，改善活动暂停", "改善时间写入排产"),
        Trouble("基线数据不可信", "quality", "基线数据口径不一", "重新测定两周基线"),
        Trouble("班组人员流动", "resource", "骨干调岗，标准作业退步", "双人带教"),
    ),
    "compliance": (
        Trouble("监管口径更新", "scope", "监管发布新口径", "法务出具差异清单"),
        Trouble("整改证据不完整", "quality", "整改证据缺签字", "按清单补齐证据"),
        Trouble("第三方评估排期推迟", "schedule", "评估机构排期推迟三周", "并行安排预评估"),
    ),
}


def troubles(kind: str) -> tuple[Trouble, ...]:
    """Everything that can go wrong in a project of the type."""
    return (*_BY_TYPE.get(kind, ()), *_ANYWHERE)
