import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toError } from '~/api/errors';
import { claimsOf } from '~/api/session';
import { ago, date, duration, language, monthName, number, setLanguage, t, waiting, weekday } from '~/i18n';
import { en } from '~/i18n/en';
import { vi } from '~/i18n/vi';
import { readDraft } from '~/lib/drafts';
import { type Change, merge, withChanges } from '~/lib/listChanges';
import { ulid } from '~/lib/ulid';
import { addDays, daysFrom, daysUntil, lastMonths, setZone, today } from '~/lib/zone';
import { safeNext } from '~/pages/account/Login';
import { mentions, swiped } from '~/pages/Cook';
import { addressOf } from '~/pages/Notifications';
import { toWeather } from '~/pages/plans/Weather';
import { toBody, toDraft } from '~/pages/recipes/Editor';
import { en as englishTerms } from '~/pages/terms/en';
import type { Texts } from '~/pages/terms/version';
import { vi as vietnameseTerms } from '~/pages/terms/vi';
import { amountText, unitWord } from '~/parts/Amount';
import { split } from '~/parts/Fridge';
import { dependsOnBrand } from '~/parts/food';
import { piecesOf } from '~/parts/StepText';
import { otherTitleOf, titleOf } from '~/parts/titles';
import { amountInField, readAmount, unitCode, unitText } from '~/parts/written';

beforeEach(() => setLanguage('en'));

test('a diet that a trace would break depends on the brand', () => {
  const may = (allergen: string) =>
    ['gluten_free', 'dairy_free', 'vegan', 'vegetarian', 'no_pork'].filter((diet) =>
      dependsOnBrand(diet, [allergen]),
    );
  expect(may('gluten')).toEqual(['gluten_free']);
  expect(may('milk')).toEqual(['dairy_free', 'vegan']);
  expect(may('peanuts')).toEqual([]);
});

describe('words', () => {
  test('both languages fill in the same values', () => {
    const slots = (text: string) =>
      [...new Set([...text.matchAll(/\{(\w+)/g)].map((found) => found[1]))].sort();
    for (const [name, text] of Object.entries(vi))
      expect(slots(en[name as keyof typeof vi]), name).toEqual(slots(text));
  });

  test('a number chooses between one and many', () => {
    expect(t('rating.stars', { count: 1 })).toBe('1 star');
    expect(t('rating.stars', { count: 4 })).toBe('4 stars');
  });

  test('changing the language changes the document', () => {
    setLanguage('vi');
    expect(document.documentElement.lang).toBe('vi');
    expect(language.value).toBe('vi');
    expect(t('common.save')).toBe('Lưu');
  });

  test.each(['vi', 'en'] as const)(
    'numbers are written as the formatters of the browser write them: %s',
    (name) => {
      setLanguage(name);
      for (const digits of [0, 1, 2] as const) {
        const format = new Intl.NumberFormat(name === 'vi' ? 'vi-VN' : 'en-GB', {
          maximumFractionDigits: digits,
        });
        for (const value of [
          0, 0.001, 0.25, 0.5, 1, 1.005, 2.345, 9.99, 33.333, 100, 999.999, 1000, 12_345.678, 1e6,
        ])
          expect(number(value, digits), `${value}, ${digits}`).toBe(format.format(value));
      }
    },
  );

  test.each(['vi', 'en'] as const)('months and weekdays are named as the browser names them: %s', (name) => {
    setLanguage(name);
    const locale = name === 'vi' ? 'vi-VN' : 'en-GB';
    const ofMonth = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
    const ofWeek = new Intl.DateTimeFormat(locale, { weekday: 'long' });
    for (let month = 1; month <= 12; month++) {
      const iso = `2026-${String(month).padStart(2, '0')}`;
      const day = new Date(2026, month - 1, 15);
      expect(monthName(iso)).toBe(ofMonth.format(day));
      expect(weekday(`${iso}-15`)).toContain(ofWeek.format(day));
    }
  });

  test('a day is the same day in every time zone', () => {
    setLanguage('en');
    expect(date('2026-03-01')).toBe('1 Mar 2026');
    expect(weekday('2026-03-01')).toBe('Sunday 1/3');
    setLanguage('vi');
    expect(date('2026-03-01')).toBe('1 thg 3, 2026');
    expect(weekday('2026-03-01')).toBe('Chủ Nhật, 1/3');
  });

  test('times are told as people tell them', () => {
    expect(duration(45)).toBe('45 min');
    expect(duration(60)).toBe('1 h');
    expect(duration(95)).toBe('1 h 35 min');
    expect(ago('2026-11-28T10:00:00Z', Date.parse('2026-11-28T10:00:20Z'))).toBe('just now');
    expect(ago('2026-11-28T07:00:00Z', Date.parse('2026-11-28T10:00:00Z'))).toBe('3 hours ago');
    expect(ago('2026-11-28T09:00:30Z', Date.parse('2026-11-28T10:00:00Z'))).toBe('59 minutes ago');
    expect(ago('2026-11-27T09:00:00Z', Date.parse('2026-11-28T10:00:00Z'))).toBe('yesterday');
    expect(ago('2026-11-25T09:00:00Z', Date.parse('2026-11-28T10:00:00Z'))).toBe('3 days ago');
    expect(ago('2026-11-01T09:00:00Z', Date.parse('2026-11-28T10:00:00Z'))).toBe('1 Nov 2026');
    // A clock that is behind the server's.
    expect(ago('2026-11-28T10:00:40Z', Date.parse('2026-11-28T10:00:00Z'))).toBe('just now');
  });
});

describe('the fridge', () => {
  test('one line can name several things, in both languages', () => {
    expect(split('2 eggs, rice; tomatoes')).toEqual(['2 eggs', 'rice', 'tomatoes']);
    expect(split('cà chua và trứng')).toEqual(['cà chua', 'trứng']);
    expect(split('cà chua và trứng'.normalize('NFD'))).toEqual(['cà chua', 'trứng']);
    expect(split(' , ;\n')).toEqual([]);
  });

  test('a hand of salt stays one thing', () => {
    expect(split('sandwich bread')).toEqual(['sandwich bread']);
  });
});

describe('amounts', () => {
  test('units are said as the kitchen of the language says them', () => {
    expect([unitWord('tbsp'), unitWord('piece'), unitWord(null)]).toEqual(['tbsp', '', '']);
    setLanguage('vi');
    expect([unitWord('tbsp'), unitWord('piece'), unitWord('g')]).toEqual(['muỗng canh', '', 'g']);
  });

  // Quantity, unit, factor; English; Vietnamese.
  const said: [number, string | null, number, string, string][] = [
    [0.5, 'tsp', 1, '½ tsp', '½ muỗng cà phê'],
    [0.75, 'tsp', 0.5, '⅓ tsp', '⅓ muỗng cà phê'],
    [0.5, 'tsp', 0.25, '⅛ tsp', '⅛ muỗng cà phê'],
    [0.25, 'tsp', 0.25, 'a pinch', 'một nhúm'],
    [1, 'tbsp', 0.25, '¾ tsp', '¾ muỗng cà phê'],
    [0.125, 'cup', 1, '2 tbsp', '2 muỗng canh'],
    [1.5, 'cup', 1, '1½ cups', '1½ cốc'],
    [1, 'cup', 1 / 3, '⅓ cup', '⅓ cốc'],
    [0.333, 'cup', 2, '⅔ cup', '⅔ cốc'],
    [1, 'cup', 1.02, '1 cup', '1 cốc'],
    [3, 'piece', 0.9, '2⅔', '2⅔'],
    [2.75, 'piece', 1, '2¾', '2¾'],
    [1, 'piece', 0.05, 'a little', 'một ít'],
    [3, null, 1, '3', '3'],
    [7, 'piece', 1.75, '12½', '12½'],
    [15, 'piece', 1.75, '26', '26'],
    [1, 'leaf', 0.3, '1 leaf', '1 lá'],
    [3, 'leaf', 0.5, '2 leaves', '2 lá'],
    [1, 'pinch', 0.5, '1 pinch', '1 nhúm'],
    [5, 'g', 0.5, '2.5 g', '2,5 g'],
    [2.37, 'g', 1, '2.5 g', '2,5 g'],
    [312.5, 'g', 0.5, '156 g', '156 g'],
    [500, 'g', 1 / 1.5, '335 g', '335 g'],
    [454, 'g', 1, '454 g', '454 g'],
    [454, 'ml', 3, '1,360 ml', '1.360 ml'],
    [0.375, 'kg', 1, '0.38 kg', '0,38 kg'],
    [1.5, 'l', 1, '1.5 l', '1,5 l'],
    [0, 'g', 1, '0 g', '0 g'],
  ];
  test.each(said)('%d %s times %d is said %s and %s', (quantity, unit, factor, english, vietnamese) => {
    expect(amountText({ quantity, unit, factor })).toBe(english);
    setLanguage('vi');
    expect(amountText({ quantity, unit, factor })).toBe(vietnamese);
  });

  test('what was computed is rounded where what somebody wrote is not', () => {
    expect(amountText({ quantity: 234, unit: 'g', computed: true })).toBe('235 g');
    expect(amountText({ quantity: 234, unit: 'g' })).toBe('234 g');
  });

  test('a range has both ends, unless they come to the same', () => {
    expect(amountText({ quantity: 2, most: 3, unit: 'clove', factor: 2 })).toBe('4–6 cloves');
    expect(amountText({ quantity: 1, most: 1.5, unit: 'cup', factor: 0.5 })).toBe('½–¾ cup');
    expect(amountText({ quantity: 2, most: 3, unit: 'leaf', factor: 0.2 })).toBe('1 leaf');
  });

  test('where nobody said how much nothing is said', () => {
    expect(amountText({ quantity: null, unit: 'g' })).toBe('');
  });
});

describe('cook mode', () => {
  test('a step shows the ingredients that it uses, with and without diacritics and plurals', () => {
    expect(mentions('Phi thơm hành tím rồi cho thịt bò vào.', 'hành tím')).toBe(true);
    expect(mentions('Whisk the eggs with the milk.', 'egg')).toBe(true);
    expect(mentions('Whisk the eggs with the milk.', 'chicken')).toBe(false);
    expect(mentions('Cho nước vào nồi.', 'nước mắm')).toBe(false);
  });
});

describe('amounts in steps', () => {
  const step = (text: string, ...amounts: [string, number, number?][]) => ({
    text,
    minutes: null,
    // Positions as the API counts them, in code points.
    amounts: amounts.map(([written, quantity, most]) => {
      const start = [...text.slice(0, text.indexOf(written))].length;
      return { start, end: start + [...written].length, quantity, quantity_max: most ?? null };
    }),
  });
  const shown = (given: ReturnType<typeof step>, factor: number) =>
    piecesOf(given, factor)
      .map((piece) => piece.text)
      .join('');

  test('amounts follow the servings and the rest of the text stays', () => {
    const mixing = step('Mix 2-3 eggs with 1/2 cup milk for 5 minutes.', ['2-3', 2, 3], ['1/2', 0.5]);
    expect(shown(mixing, 2)).toBe('Mix 4–6 eggs with 1 cup milk for 5 minutes.');
    expect(shown(mixing, 1)).toBe('Mix 2–3 eggs with ½ cup milk for 5 minutes.');
  });

  test('what the API has scaled already is put in as it is', () => {
    expect(shown(step('Add 300 g beef.', ['300', 600]), 1)).toBe('Add 600 g beef.');
  });

  test('an emoji counts as one letter', () => {
    expect(shown(step('🔥🔥 Fry 300 g beef', ['300', 300]), 2)).toBe('🔥🔥 Fry 600 g beef');
  });

  test('a step without amounts is shown as it was written', () => {
    expect(shown({ text: 'Cook 5 minutes.', minutes: 5 } as never, 3)).toBe('Cook 5 minutes.');
  });
});

test('the terms say the same in both languages, part by part', () => {
  const shape = (texts: Texts) =>
    [texts.terms, texts.privacy].map((part) => part.map((section) => section.paragraphs.length));
  expect(shape(vietnameseTerms)).toEqual(shape(englishTerms));
});

describe('addresses', () => {
  test('after signing in one comes back to this site only', () => {
    expect(safeNext('/recipes?q=a')).toBe('/recipes?q=a');
    for (const elsewhere of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      undefined,
    ])
      expect(safeNext(elsewhere)).toBe('/');
  });

  test('a notification leads to what it is about', () => {
    const about = (type: string, kind = 'comment') =>
      addressOf({ kind, actor: null, target: { type, id: 'X', post_id: 'P' } } as never);
    expect(about('post')).toBe('/posts/X');
    expect(about('comment')).toBe('/posts/P');
    expect(about('recipe')).toBe('/recipes/X');
    expect(about('suggestion')).toBe('/answer/X');
    expect(about('user', 'friend_request')).toBe('/friends');
    expect(about('user', 'friend_accepted')).toBe('/people/X');
    expect(about('pantry')).toBe('/pantry');
    expect(about('account')).toBe('/settings');
  });

  test('a notification of something that this client does not know stays where it is', () => {
    const target = { type: 'garden', id: 'X', post_id: null };
    expect(addressOf({ kind: 'harvest', actor: null, target } as never)).toBe('/notifications');
  });
});

describe('drafts', () => {
  test('a draft that cannot be read counts as none', () => {
    localStorage.setItem('draft:broken', '{');
    expect(readDraft('broken')).toBeNull();
  });
});

describe('changes of a shopping list that wait for a network', () => {
  const waiting: Change[] = [{ list: 'L', item: 'A', values: { checked: true } }];
  const item = { id: 'A', name: 'eggs', checked: false, note: 'brown', aisle: 'dairy_eggs' } as never;

  test('a later change of another field keeps the earlier one', () => {
    expect(merge(waiting, { list: 'L', item: 'A', values: { note: 'white' } })).toEqual([
      { list: 'L', item: 'A', values: { checked: true, note: 'white' } },
    ]);
  });

  test('the last word about one field counts', () => {
    const back = merge(waiting, { list: 'L', item: 'A', values: { checked: false } });
    expect(back).toEqual([{ list: 'L', item: 'A', values: { checked: false } }]);
  });

  test('another item, or the same one of another list, is a change of its own', () => {
    expect(merge(waiting, { list: 'L', item: 'B', values: { checked: true } })).toHaveLength(2);
    expect(merge(waiting, { list: 'M', item: 'A', values: { checked: true } })).toHaveLength(2);
  });

  test('a list is shown as it will be', () => {
    const added: Change = { list: 'L', item: 'B', values: { name: 'foil', checked: false } };
    const shown = withChanges('L', [item], [...waiting, added]);
    expect(shown.map((one) => [one.name, one.checked, one.note, one.aisle])).toEqual([
      ['eggs', true, 'brown', 'dairy_eggs'],
      ['foil', false, null, 'other'],
    ]);
    expect(withChanges('L', [item], [{ list: 'L', item: 'A', values: null }])).toEqual([]);
    expect(withChanges('M', [item], waiting)).toEqual([item]);
  });
});

describe('ids', () => {
  test('an id is a ULID that sorts by its time', () => {
    expect(ulid()).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(ulid(1_000_000_000_000) < ulid(1_000_000_000_001)).toBe(true);
    expect(ulid(0).slice(0, 10)).toBe('0000000000');
  });
});

describe('days', () => {
  test('days run over the ends of months and years', () => {
    expect(addDays('2027-02-28', 1)).toBe('2027-03-01');
    expect(daysFrom('2026-12-30', 3)).toEqual(['2026-12-30', '2026-12-31', '2027-01-01']);
  });
});

describe('the days of a person', () => {
  afterEach(() => setZone(''));
  // Half past six in the evening of the last of December in Greenwich.
  const late = new Date('2026-12-31T18:30:00Z');

  test('are those of their zone, wherever the device is', () => {
    const there = (name: string) => {
      setZone(name);
      return today(late);
    };
    expect(['Asia/Ho_Chi_Minh', 'America/Los_Angeles', 'Pacific/Kiritimati'].map(there)).toEqual([
      '2027-01-01',
      '2026-12-31',
      '2027-01-01',
    ]);
  });

  test('are counted by the calendar, whatever the hour', () => {
    setZone('Asia/Ho_Chi_Minh');
    expect(['2026-12-31', '2027-01-01', '2027-01-02'].map((day) => daysUntil(day, late))).toEqual([-1, 0, 1]);
    expect(daysUntil('2027-03-01', late)).toBe(59);
  });

  test('name the months before them, over the turn of the year', () => {
    setZone('Asia/Ho_Chi_Minh');
    expect(lastMonths(3, late)).toEqual(['2027-01', '2026-12', '2026-11']);
    setZone('America/Los_Angeles');
    expect(lastMonths(3, late)).toEqual(['2026-12', '2026-11', '2026-10']);
  });

  test('are those of moments, too', () => {
    setZone('Asia/Ho_Chi_Minh');
    expect(date(late.toISOString())).toBe('1 Jan 2027');
    expect(date('2026-12-31')).toBe('31 Dec 2026');
  });

  test('are those of the device in a zone that the browser does not know', () => {
    setZone('Mars/Olympus');
    expect(today(new Date(2026, 0, 5, 0, 30))).toBe('2026-01-05');
  });

  test('last until their signing out', () => {
    setZone('Asia/Tokyo');
    expect(localStorage.getItem('timezone')).toBe('Asia/Tokyo');
  });
});

describe('titles', () => {
  const recipe = { title: 'Phở bò', translated_title: 'Beef noodle soup', language: 'vi' };

  test('a dish is called what it is called in the language of the person', () => {
    expect([titleOf(recipe), otherTitleOf(recipe)]).toEqual(['Beef noodle soup', 'Phở bò']);
    setLanguage('vi');
    expect([titleOf(recipe), otherTitleOf(recipe)]).toEqual(['Phở bò', 'Beef noodle soup']);
  });

  test('a dish with one name has that one', () => {
    const own = { ...recipe, translated_title: null };
    expect([titleOf(own), otherTitleOf(own)]).toEqual(['Phở bò', undefined]);
    expect(otherTitleOf({ ...own, translated_title: 'Phở bò' })).toBeUndefined();
  });
});

describe('the pantry', () => {
  test('several of a unit have its plural', () => {
    const say = (quantity: number, unit: string) => amountText({ quantity, unit });
    expect([say(1, 'can'), say(2, 'can'), say(3, 'piece')]).toEqual(['1 can', '2 cans', '3']);
  });
});

describe('problems', () => {
  const failed = (status: number, headers: Record<string, string> = {}) =>
    toError(new Response(null, { status, headers }), null);

  test('an error of the API names the request, and one of what stands before it does not', () => {
    expect(failed(500, { 'X-Request-Id': 'R1' }).sentence()).toContain('R1');
    expect(failed(502).sentence()).toBe('The service is busy. Try again in a moment.');
  });

  test('a lost network and a busy server say nothing about what was asked for', () => {
    expect([429, 500, 503].map((status) => failed(status).isPassing)).toEqual([true, true, true]);
    expect([403, 404].map((status) => failed(status).isPassing)).toEqual([false, false]);
  });
});

test('groups are read from a token, and none from what is no token', () => {
  const claims = btoa(JSON.stringify({ 'cognito:groups': ['moderators'] }));
  expect(claimsOf(`header.${claims}.signature`)['cognito:groups']).toEqual(['moderators']);
  expect([claimsOf(''), claimsOf('a.b.c')]).toEqual([{}, {}]);
});

describe('what is written of an amount', () => {
  test.each([
    ['2', 2, null],
    ['1,5', 1.5, null],
    ['1.5', 1.5, null],
    ['1/2', 0.5, null],
    ['1 ½', 1.5, null],
    ['¾', 0.75, null],
    ['2-3', 2, 3],
    ['2 – 3', 2, 3],
    ['', null, null],
  ])('%s is read', (text, quantity, quantity_max) =>
    expect(readAmount(text)).toEqual({ quantity, quantity_max }),
  );

  test.each(['a few', '1-2-3', '1/0', '-', '2 quả'])('%s is no amount', (text) =>
    expect(readAmount(text)).toBeNull(),
  );

  test.each(['vi', 'en'] as const)('what a field shows is read as the same: %s', (name) => {
    setLanguage(name);
    for (const [quantity, most] of [
      [0.5, null],
      [1200, null],
      [2, 3.5],
      [null, null],
    ] as const)
      expect(readAmount(amountInField(quantity, most))).toEqual({ quantity, quantity_max: most });
  });

  test('a unit is a word of the language, and either language names it', () => {
    setLanguage('vi');
    expect(unitText('tbsp')).toBe('muỗng canh');
    for (const word of ['muỗng canh', ' Muỗng Canh ', 'muỗng canh'.normalize('NFD'), 'tbsp'])
      expect(unitCode(word), word).toBe('tbsp');
    expect(unitCode('cups')).toBe('cup');
    expect(unitCode('rổ')).toBe('rổ');
    expect(unitCode(' ')).toBeNull();
  });
});

test('a recipe that is saved as it was opened stays as it was', () => {
  const line = {
    ingredient_id: '01DXF6DT001F3FXQ4H3G28EP5C',
    name: 'egg',
    quantity: 2,
    quantity_max: 3,
    unit: 'piece',
    preparation: null,
    optional: false,
    essential: true,
    substitutes: ['01DXF6DT001F3FXQ4H3G28EP5D'],
  };
  const recipe = {
    title: 'Eggs',
    description: '',
    method: 'boil',
    servings: 2,
    language: 'en',
    tags: [],
    origin: null,
    nutrition: { calories: 155, salt_g: 0.3 },
    ingredients: [line],
    steps: [{ text: 'Boil them.', minutes: 7 }],
  } as unknown as Parameters<typeof toDraft>[0];
  for (const name of ['vi', 'en'] as const) {
    setLanguage(name);
    expect(toBody(toDraft(recipe))).toMatchObject({ ingredients: [line], nutrition: recipe.nutrition });
  }
  const draft = toDraft(recipe);
  const other = { ...draft, ingredients: draft.ingredients.map((one) => ({ ...one, name: 'duck egg' })) };
  expect(toBody(other).ingredients[0]).not.toHaveProperty('ingredient_id');
});

test('how long one has to wait is told in the largest unit', () => {
  expect([1, 30, 61, 3_600, 3_601, 86_400, 86_401].map(waiting)).toEqual([
    '1 second',
    '30 seconds',
    '2 minutes',
    '60 minutes',
    '2 hours',
    '24 hours',
    '2 days',
  ]);
  const refused = (seconds: string) =>
    toError(new Response(null, { status: 429, headers: { 'Retry-After': seconds } }), {}).sentence();
  expect(refused('20')).toBe('That was a little fast. Try again in 20 seconds.');
  expect(refused('40000')).toBe('You have reached the limit for now. Try again in 12 hours.');
  setLanguage('vi');
  expect(refused('40000')).toBe('Bạn đã dùng hết lượt lúc này. Hãy thử lại sau 12 giờ.');
});

test('the weather of a plan is that of the days of which something is known', () => {
  const forecasts = {
    '2027-03-01': { temperature: '31', rain: false },
    '2027-03-02': { temperature: '', rain: false },
    '2027-03-03': { temperature: '', rain: true },
    '2027-03-09': { temperature: '12', rain: true },
  };
  expect(toWeather(['2027-03-01', '2027-03-02', '2027-03-03'], forecasts)).toEqual([
    { date: '2027-03-01', temperature: 31, conditions: null },
    { date: '2027-03-03', temperature: null, conditions: 'rain' },
  ]);
});

test('a swipe turns the step, and a scroll that drifts does not', () => {
  expect(swiped({ x: 300, y: 400 }, { x: 100, y: 420 })).toBe(1);
  expect(swiped({ x: 100, y: 400 }, { x: 300, y: 420 })).toBe(-1);
  expect(swiped({ x: 300, y: 600 }, { x: 200, y: 200 })).toBe(0);
  expect(swiped({ x: 300, y: 400 }, { x: 295, y: 400 })).toBe(0);
});
