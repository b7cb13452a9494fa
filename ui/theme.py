"""The page's own Gradio theme: paper and ink, one green accent, fonts that need no network."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.themes.utils import colors, sizes

_GREEN = colors.Color(
    name="pine",
    c50="#eef5f1",
    c100="#d8e8df",
    c200="#b4d2c2",
    c300="#86b59e",
    c400="#57967a",
    c500="#3a7c60",
    c600="#2b644c",
    c700="#23513e",
    c800="#1d4133",
    c900="#17342a",
    c950="#0c1f18",
)
_STONE = colors.Color(
    name="paper",
    c50="#fbfaf7",
    c100="#f4f2ec",
    c200="#e6e2d8",
    c300="#d2ccbe",
    c400="#a69f90",
    c500="#7c766a",
    c600="#5e594f",
    c700="#45413a",
    c800="#2b2925",
    c900="#1e1d1a",
    c950="#161513",
)


def theme() -> Any:
    """Return the theme; dark values stand beside their light ones."""
    return gr.themes.Base(
        primary_hue=_GREEN,
        secondary_hue=_GREEN,
        neutral_hue=_STONE,
        text_size=sizes.text_md,
        radius_size=sizes.radius_md,
        font=[gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_800",
        body_text_color_dark="#e9e5dc",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="#aaa496",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary="*neutral_100",
        background_fill_secondary_dark="*neutral_800",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_title_text_color="*neutral_600",
        block_title_text_color_dark="#aaa496",
        block_title_text_size="*text_sm",
        border_color_primary="*neutral_200",
        border_color_primary_dark="#3a372f",
        input_background_fill="#ffffff",
        input_background_fill_dark="*neutral_900",
        input_border_width="1px",
        input_radius="*radius_lg",
        input_border_color="*neutral_300",
        input_border_color_dark="#45413a",
        input_border_color_focus="*primary_500",
        input_border_color_focus_dark="*primary_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_500",
        button_primary_background_fill_hover_dark="*primary_400",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="*neutral_100",
        button_secondary_background_fill_dark="*neutral_800",
    )
