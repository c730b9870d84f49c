// The part of a message in which its writer speaks of themselves; the rest is asked, told or pasted.

/** Words for oneself in widely used languages. Those that leave them out (Spanish, Japanese) are read by the second rule. */
const ONESELF =
  /(?<![\p{L}\p{M}])(?:i|i['’]?m|i['’]?ve|my|mine|myself|we|our|ours|ich|mein\w*|wir|unser\w*|je|j['’]\p{L}+|mon|ma|mes|nous|notre|nos|yo|mi|mis|soy|tengo|vivo|trabajo|nosotros|nuestr\w+|eu|meu|minha|io|mio|mia|sono|ho|ik|mijn|wij|jeg|jag|min|mitt|mine|vi|я|мой|моя|мои|меня|мне|мы|наш\p{L}*)(?![\p{L}\p{M}])|我|私|僕|俺|저는|나는|제가|내가/iu;
/** A sentence with one of these is English, and without a word for oneself is about something else. */
const ENGLISH = /\b(?:the|is|are|of|to|and|what|how|why|with|for|in|an?)\b/i;
const QUESTION = /[?？؟]\s*$/;
/** A request speaks of the writer only by what is asked for: `explain … to me`, `write my …`. */
const REQUEST =
  /^\s*(?:please\s+|can you\s+|could you\s+)?(?:explain|write|tell|show|give|list|translate|summari[sz]e|describe|compare|fix|make|create|help|find|rewrite|correct|draft|improve|what|how|why|who|when|where|which|is|are|does|do|can|could|should)\b/i;
const FENCE = /^(?:```|~~~)[\s\S]*?(?:^(?:```|~~~)|(?![\s\S]))/gm;
const QUOTE = /^\s*>.*$/gm;

/**
 * The sentences in which the writer of a message says something, joined; '' when there are none. Code and quotes are not
 * the writer's; a question says what somebody wants to know and not who they are.
 */
export function aboutWriter(message: string): string {
  const own = message.replace(FENCE, '\n').replace(QUOTE, '\n');
  return sentences(own).filter(speaksOfWriter).join(' ');
}

function speaksOfWriter(sentence: string): boolean {
  if (QUESTION.test(sentence) || REQUEST.test(sentence)) return false;
  return ONESELF.test(sentence) || !ENGLISH.test(sentence);
}

function sentences(text: string): string[] {
  return text
    .split(/(?<=[.!?。！？؟])\s+|(?<=[。！？])|\n+/u)
    .map((one) => one.trim())
    .filter((one) => /[\p{L}\p{N}]/u.test(one));
}
