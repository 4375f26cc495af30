"""Fields that an administrator adds to any register: definitions, lookup tables, typed values, formulas."""
