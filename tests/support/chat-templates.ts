// The chat formats of the catalogue's families: short templates of our own that follow what their makers publish, with the
// habits that matter (who writes the first token, a system line of the template's own, trimming, what is refused), and what
// a conversation must become. Sources stand in resources/families.json and in each model's card.

export interface ChatFormat {
  name: string;
  template: string;
  bos: string | null;
  eos: string;
  /** Further special tokens. */
  special: readonly string[];
  addBos: boolean;
  /** One question without a system line; three turns with one: `Be brief.`, ` Hi `, `Hello`, `Who?`. */
  expected: { question: string; chat: string };
}

const CHATML = `{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{% endfor %}`;
const CHATML_PROMPT = `{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`;
const chatml = (...turns: (readonly [string, string])[]) =>
  turns.map(([role, content]) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('');
const CHATML_CHAT = `${chatml(['system', 'Be brief.'], ['user', ' Hi '], ['assistant', 'Hello'], ['user', 'Who?'])}<|im_start|>assistant\n`;

export const CHAT_FORMATS: readonly ChatFormat[] = [
  {
    name: 'SmolLM2: its first token is a mark that each message begins with',
    template: `{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are SmolLM.<|im_end|>\n' }}{% endif %}${CHATML}${CHATML_PROMPT}`,
    bos: '<|im_start|>',
    eos: '<|im_end|>',
    special: [],
    addBos: false,
    expected: {
      question: `${chatml(['system', 'You are SmolLM.'], ['user', 'Who?'])}<|im_start|>assistant\n`,
      chat: CHATML_CHAT,
    },
  },
  {
    name: 'Qwen 2.5: a first token that is never written',
    template: `{% if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are Qwen.<|im_end|>\n' }}{% endif %}${CHATML}${CHATML_PROMPT}`,
    bos: '<|endoftext|>',
    eos: '<|im_end|>',
    special: ['<|im_start|>'],
    addBos: false,
    expected: {
      question: `${chatml(['system', 'You are Qwen.'], ['user', 'Who?'])}<|im_start|>assistant\n`,
      chat: CHATML_CHAT,
    },
  },
  {
    name: 'Qwen 3: no system line of its own',
    template: `${CHATML}${CHATML_PROMPT}{% if enable_thinking is defined and enable_thinking is false %}{{ '<think>\n\n</think>\n\n' }}{% endif %}`,
    bos: '<|endoftext|>',
    eos: '<|im_end|>',
    special: ['<|im_start|>'],
    addBos: false,
    expected: { question: `${chatml(['user', 'Who?'])}<|im_start|>assistant\n`, chat: CHATML_CHAT },
  },
  {
    name: 'Llama 3: the template writes the first token, and so would the tokenizer',
    template: `{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] | trim %}{% set messages = messages[1:] %}{% else %}{% set system = '' %}{% endif %}{{ '<|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n\n' + system + '<|eot_id|>' }}{% for m in messages %}{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\n\n' + (m['content'] | trim) + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}`,
    bos: '<|begin_of_text|>',
    eos: '<|eot_id|>',
    special: ['<|start_header_id|>', '<|end_header_id|>'],
    addBos: true,
    expected: {
      question:
        '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n\n<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWho?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
      chat: '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nCutting Knowledge Date: December 2023\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWho?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    },
  },
  {
    name: 'Gemma 2: refuses a system line',
    template: `{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}{{ '<start_of_turn>' + ('model' if m['role'] == 'assistant' else m['role']) + '\n' + (m['content'] | trim) + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}`,
    bos: '<bos>',
    eos: '<eos>',
    special: ['<start_of_turn>', '<end_of_turn>'],
    addBos: true,
    expected: {
      question: '<bos><start_of_turn>user\nWho?<end_of_turn>\n<start_of_turn>model\n',
      chat: '<bos><start_of_turn>user\nBe brief.\n\n Hi<end_of_turn>\n<start_of_turn>model\nHello<end_of_turn>\n<start_of_turn>user\nWho?<end_of_turn>\n<start_of_turn>model\n',
    },
  },
  {
    name: 'Mistral: the system line stands in the last question',
    template: `{% if messages[0]['role'] == 'system' %}{% set system = messages[0]['content'] + '\n\n' %}{% set messages = messages[1:] %}{% else %}{% set system = '' %}{% endif %}{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}{{ '[INST]' + (system if loop.last else '') + m['content'] + '[/INST]' }}{% else %}{{ m['content'] + eos_token }}{% endif %}{% endfor %}`,
    bos: '<s>',
    eos: '</s>',
    special: ['[INST]', '[/INST]'],
    addBos: true,
    expected: {
      question: '<s>[INST]Who?[/INST]',
      chat: '<s>[INST] Hi [/INST]Hello</s>[INST]Be brief.\n\nWho?[/INST]',
    },
  },
  {
    name: 'Phi 4: a mark of its own after the role, no first token',
    template: `{% for m in messages %}{{ '<|im_start|>' + m['role'] + '<|im_sep|>' + m['content'] + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant<|im_sep|>' }}{% endif %}`,
    bos: '<|endoftext|>',
    eos: '<|im_end|>',
    special: ['<|im_start|>', '<|im_sep|>'],
    addBos: false,
    expected: {
      question: '<|im_start|>user<|im_sep|>Who?<|im_end|><|im_start|>assistant<|im_sep|>',
      chat: '<|im_start|>system<|im_sep|>Be brief.<|im_end|><|im_start|>user<|im_sep|> Hi <|im_end|><|im_start|>assistant<|im_sep|>Hello<|im_end|><|im_start|>user<|im_sep|>Who?<|im_end|><|im_start|>assistant<|im_sep|>',
    },
  },
  {
    name: 'DeepSeek R1: the template begins the thought',
    template: `{{ bos_token }}{% for m in messages %}{% if m['role'] == 'system' %}{{ m['content'] }}{% elif m['role'] == 'user' %}{{ '<｜User｜>' + m['content'] }}{% else %}{{ '<｜Assistant｜>' + m['content'].split('</think>')[-1] + eos_token }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜><think>\n' }}{% endif %}`,
    bos: '<｜begin▁of▁sentence｜>',
    eos: '<｜end▁of▁sentence｜>',
    special: ['<｜User｜>', '<｜Assistant｜>'],
    addBos: true,
    expected: {
      question: '<｜begin▁of▁sentence｜><｜User｜>Who?<｜Assistant｜><think>\n',
      chat: '<｜begin▁of▁sentence｜>Be brief.<｜User｜> Hi <｜Assistant｜>Hello<｜end▁of▁sentence｜><｜User｜>Who?<｜Assistant｜><think>\n',
    },
  },
  {
    name: 'Granite: the tokenizer writes the first token, the template does not',
    template: `{% for m in messages %}{{ '<|start_of_role|>' + m['role'] + '<|end_of_role|>' + m['content'] + '<|end_of_text|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_of_role|>assistant<|end_of_role|>' }}{% endif %}`,
    bos: '<|begin|>',
    eos: '<|end_of_text|>',
    special: ['<|start_of_role|>', '<|end_of_role|>'],
    addBos: true,
    expected: {
      question:
        '<|begin|><|start_of_role|>user<|end_of_role|>Who?<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
      chat: '<|begin|><|start_of_role|>system<|end_of_role|>Be brief.<|end_of_text|>\n<|start_of_role|>user<|end_of_role|> Hi <|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>Hello<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>Who?<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>',
    },
  },
];
