"""How a consultation looks: pictures, HTML, text, Markdown, JSON."""
