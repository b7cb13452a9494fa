"""What programs may ask of a library: the same five calls over HTTP (ui.api) and over MCP."""
