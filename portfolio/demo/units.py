"""The fictitious group: seven business units and their departments."""

from __future__ import annotations

from typing import NamedTuple

ORGANISATION_ZH = "启岚控股集团"
ORGANISATION_EN = "Qilan Holdings Group"


class Unit(NamedTuple):
    """One unit: code, names, kind, code of the unit above ("" for the top)."""

    code: str
    zh: str
    en: str
    kind: str
    parent: str


UNITS: tuple[Unit, ...] = (
    Unit("QL", ORGANISATION_ZH, ORGANISATION_EN, "enterprise", ""),
    Unit("AUT", "汽车事业部", "Automotive", "business_unit", "QL"),
    Unit("RET", "零售事业部", "Retail", "business_unit", "QL"),
    Unit("ENG", "工程事业部", "Construction", "business_unit", "QL"),
    Unit("ENE", "能源事业部", "Energy", "business_unit", "QL"),
    Unit("TEL", "通信事业部", "Telecom", "business_unit", "QL"),
    Unit("CHE", "化工事业部", "Chemicals", "business_unit", "QL"),
    Unit("GRP", "集团本部", "Group", "business_unit", "QL"),
    Unit("AUT-RD", "整车研发中心", "Vehicle R&D centre", "department", "AUT"),
    Unit("AUT-EE", "智能座舱与电子部", "Cockpit and electronics", "department", "AUT"),
    Unit("AUT-MF", "电池与制造部", "Battery and manufacturing", "department", "AUT"),
    Unit("RET-DG", "零售数字化部", "Retail digital", "department", "RET"),
    Unit("RET-LG", "仓储物流部", "Warehousing and logistics", "department", "RET"),
    Unit("ENG-CV", "土建工程部", "Civil works", "department", "ENG"),
    Unit("ENG-ME", "机电安装部", "Electrical and mechanical works", "department", "ENG"),
    Unit("ENE-RN", "新能源工程部", "Renewables engineering", "department", "ENE"),
    Unit("ENE-CB", "碳管理部", "Carbon management", "department", "ENE"),
    Unit("TEL-NW", "网络建设部", "Network roll-out", "department", "TEL"),
    Unit("TEL-OP", "网络运维部", "Network operations", "department", "TEL"),
    Unit("CHE-IT", "化工信息部", "Chemicals IT", "department", "CHE"),
    Unit("CHE-HS", "安全环保部", "Health, safety and environment", "department", "CHE"),
    Unit("GRP-PM", "项目管理办公室", "Project management office", "department", "GRP"),
    Unit("GRP-IT", "集团信息中心", "Group information centre", "department", "GRP"),
    Unit("GRP-ST", "战略与投资部", "Strategy and investment", "department", "GRP"),
    Unit("GRP-FI", "集团财务部", "Group finance", "department", "GRP"),
    Unit("GRP-HR", "人力资源部", "Human resources", "department", "GRP"),
    Unit("GRP-AU", "审计部", "Internal audit", "department", "GRP"),
)
