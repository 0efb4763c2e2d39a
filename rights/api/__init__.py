"""What the software of a provider asks of the portal: /api/organismes/v1/ (docs/api-organismes.md)."""
