"""Operations: health, the embedded profile, backups."""
