"""Ready-made risk breakdown structures: the PMI one and the SEI taxonomy of software risks, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A category: code, names, code of its parent ("" at the top)."""

    code: str
    zh: str
    en: str
    parent: str = ""

    @property
    def level(self) -> int:
        """0 at the top."""
        return self.code.count(".")


def _nodes(text: str) -> tuple[Node, ...]:
    """One category a line: code, Chinese, English, separated by |; a dotted code lies below its beginning."""
    found = []
    for line in text.strip().splitlines():
        code, zh, en = (part.strip() for part in line.split("|"))
        found.append(Node(code, zh, en, code.rpartition(".")[0]))
    return tuple(found)


# Risk breakdown structure of the PMBOK Guide (third to sixth edition).
PMI = _nodes(
    """
    T | 技术 | Technical
    T.1 | 需求 | Requirements
    T.2 | 技术 | Technology
    T.3 | 复杂性与接口 | Complexity and Interfaces
    T.4 | 性能与可靠性 | Performance and Reliability
    T.5 | 质量 | Quality
    E | 外部 | External
    E.1 | 分包商与供应商 | Subcontractors and Suppliers
    E.2 | 法规 | Regulatory
    E.3 | 市场 | Market
    E.4 | 客户 | Customer
    E.5 | 天气 | Weather
    O | 组织 | Organizational
    O.1 | 项目依赖关系 | Project Dependencies
    O.2 | 资源 | Resources
    O.3 | 资金 | Funding
    O.4 | 优先级 | Prioritization
    M | 项目管理 | Project Management
    M.1 | 估算 | Estimating
    M.2 | 规划 | Planning
    M.3 | 控制 | Controlling
    M.4 | 沟通 | Communication
    """
)

# SEI taxonomy-based risk identification: classes, elements and attributes.
SEI = _nodes(
    """
    SEI-A | 产品工程 | Product Engineering
    SEI-A.1 | 需求 | Requirements
    SEI-A.1.a | 稳定性 | Stability
    SEI-A.1.b | 完整性 | Completeness
    SEI-A.1.c | 清晰度 | Clarity
    SEI-A.1.d | 有效性 | Validity
    SEI-A.1.e | 可行性 | Feasibility
    SEI-A.1.f | 有无先例 | Precedent
    SEI-A.1.g | 规模 | Scale
    SEI-A.2 | 设计 | Design
    SEI-A.2.a | 功能 | Functionality
    SEI-A.2.b | 难度 | Difficulty
    SEI-A.2.c | 接口 | Interfaces
    SEI-A.2.d | 性能 | Performance
    SEI-A.2.e | 可测试性 | Testability
    SEI-A.2.f | 硬件限制 | Hardware Constraints
    SEI-A.2.g | 外购或复用软件 | Non-Developmental Software
    SEI-A.3 | 编码与单元测试 | Code and Unit Test
    SEI-A.3.a | 可行性 | Feasibility
    SEI-A.3.b | 测试 | Testing
    SEI-A.3.c | 编码与实现 | Coding/Implementation
    SEI-A.4 | 集成与测试 | Integration and Test
    SEI-A.4.a | 环境 | Environment
    SEI-A.4.b | 产品 | Product
    SEI-A.4.c | 系统 | System
    SEI-A.5 | 工程专项 | Engineering Specialties
    SEI-A.5.a | 可维护性 | Maintainability
    SEI-A.5.b | 可靠性 | Reliability
    SEI-A.5.c | 安全（人身与设备） | Safety
    SEI-A.5.d | 信息安全 | Security
    SEI-A.5.e | 人因 | Human Factors
    SEI-A.5.f | 规格 | Specifications
    SEI-B | 开发环境 | Development Environment
    SEI-B.1 | 开发过程 | Development Process
    SEI-B.1.a | 规范程度 | Formality
    SEI-B.1.b | 适用性 | Suitability
    SEI-B.1.c | 过程控制 | Process Control
    SEI-B.1.d | 熟悉程度 | Familiarity
    SEI-B.1.e | 产品控制 | Product Control
    SEI-B.2 | 开发系统 | Development System
    SEI-B.2.a | 容量 | Capacity
    SEI-B.2.b | 适用性 | Suitability
    SEI-B.2.c | 易用性 | Usability
    SEI-B.2.d | 熟悉程度 | Familiarity
    SEI-B.2.e | 可靠性 | Reliability
    SEI-B.2.f | 系统支持 | System Support
    SEI-B.2.g | 可交付性 | Deliverability
    SEI-B.3 | 管理过程 | Management Process
    SEI-B.3.a | 规划 | Planning
    SEI-B.3.b | 项目组织 | Project Organization
    SEI-B.3.c | 管理经验 | Management Experience
    SEI-B.3.d | 项目接口 | Program Interfaces
    SEI-B.4 | 管理方法 | Management Methods
    SEI-B.4.a | 监控 | Monitoring
    SEI-B.4.b | 人员管理 | Personnel Management
    SEI-B.4.c | 质量保证 | Quality Assurance
    SEI-B.4.d | 配置管理 | Configuration Management
    SEI-B.5 | 工作环境 | Work Environment
    SEI-B.5.a | 质量态度 | Quality Attitude
    SEI-B.5.b | 协作 | Cooperation
    SEI-B.5.c | 沟通 | Communication
    SEI-B.5.d | 士气 | Morale
    SEI-C | 项目约束 | Program Constraints
    SEI-C.1 | 资源 | Resources
    SEI-C.1.a | 进度 | Schedule
    SEI-C.1.b | 人员 | Staff
    SEI-C.1.c | 预算 | Budget
    SEI-C.1.d | 设施 | Facilities
    SEI-C.2 | 合同 | Contract
    SEI-C.2.a | 合同类型 | Type of Contract
    SEI-C.2.b | 限制条款 | Restrictions
    SEI-C.2.c | 依赖关系 | Dependencies
    SEI-C.3 | 项目接口 | Program Interfaces
    SEI-C.3.a | 客户 | Customer
    SEI-C.3.b | 联合承包商 | Associate Contractors
    SEI-C.3.c | 分包商 | Subcontractors
    SEI-C.3.d | 主承包商 | Prime Contractor
    SEI-C.3.e | 公司管理层 | Corporate Management
    SEI-C.3.f | 供应商 | Vendors
    SEI-C.3.g | 政治因素 | Politics
    """
)

TAXONOMIES = {"pmi": PMI, "sei": SEI}
