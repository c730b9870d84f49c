// What the pictures show being asked and answered.

export const CHATS = [
  {
    question: 'Why does the Moon look bigger near the horizon?',
    answer:
      'It is an illusion: near the horizon the eye compares it with trees and houses. A photograph shows the same size.',
  },
  {
    question: 'How long should a sourdough rise in a cool kitchen?',
    answer: 'At 18 °C plan for ten to twelve hours, until the dough has grown by half and its surface is domed.',
  },
  {
    question: 'What is the cleanest way to get the latest row per customer?',
    answer: [
      'A window function reads best and runs well with an index on `(customer_id, created_at)`:',
      '',
      '```sql',
      'select * from (',
      '  select o.*, row_number() over (',
      '    partition by customer_id order by created_at desc',
      '  ) as rank',
      '  from orders o',
      ') where rank = 1;',
      '```',
      '',
      '| Approach | Reads | Works in SQLite |',
      '|---|---|---|',
      '| Window function | once | since 3.25 |',
      '| Correlated subquery | once per customer | always |',
      '',
      '- If two rows can share a timestamp, add `id desc` as a **tie-break** so the result is stable.',
      '- On a large table check the plan with `explain query plan`.',
    ].join('\n'),
  },
];

export const STREAMING = {
  question: 'Can you explain clause 14 of my lease in plain words?',
  answer: [
    'Clause 14 lets either side end the lease early, but the conditions are not equal:',
    '',
    '- **You** need to give two months’ notice in writing, and only after the first six months.',
    '- **The landlord** needs to give three months’, and must name a reason from the list in clause 15.',
    '- **Cost.** If you leave in the first year, 14.3 allows a fee of up to one month’s rent.',
    '',
    'The sentence that matters most is 14.2. It says notice starts on the first day of the *next* month, so a letter sent on the 3rd counts from the month after.',
  ].join('\n'),
  /** Something the part shown in the picture holds. */
  lastShown: /a fee of up to/,
  next: 'And what would I owe if I left in May?',
};

/** What Hearth remembers, the oldest first. */
export const FACTS = [
  'I have two children, of five and nine.',
  'I bake bread on Saturdays and like it sour.',
  'I am a nurse and often work at night.',
];
