"""The ways out: mail, webhooks, chat groups. Each turns a delivery into an outcome."""
