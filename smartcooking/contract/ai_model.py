"""The default model of Bedrock: its id, its list price and the date of that price, declared only here.

Claude 3 Haiku, the first choice, was retired in September 2026. Claude Haiku 4.5 is its successor, writes Vietnamese,
must use a tool when told to, and is offered in Singapore through its global inference profile. Amazon's cheaper Nova
models do not name Vietnamese among their languages (docs/decisions/0061).

To change it: edit this module, run `make snapshots`, and judge the new model with `manage.py evaluate_prompts`.
"""

REGION = "ap-southeast-1"
MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
# A model of this generation has no on-demand throughput of its own: it is called through an inference profile.
PROFILE = f"global.{MODEL}"
# US dollars per million tokens, on demand, through the global profile.
INPUT_USD, OUTPUT_USD = 1.00, 5.00
# Prices: aws.amazon.com/bedrock/pricing and claude.com/pricing. The profile's availability in Singapore: AWS's blog,
# "Global cross-Region inference … in Thailand, Malaysia, Singapore, Indonesia, and Taiwan", and the model's card.
LOOKED_UP = "2026-11-21"
# Average tokens of a recipe, to estimate what the catalogue saves.
RECIPE_TOKENS_IN, RECIPE_TOKENS_OUT = 900, 700
RECIPE_USD = (RECIPE_TOKENS_IN * INPUT_USD + RECIPE_TOKENS_OUT * OUTPUT_USD) / 1_000_000
