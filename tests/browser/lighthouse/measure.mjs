// Lighthouse's scores of the client's main pages, as a phone with a processor slowed four times on "slow 4G" meets them.
//
//     node measure.mjs http://127.0.0.1:8000 demo:<password> [/plans /recipes/<id>]
//
// Without pages: home, an answer that it asks for, a recipe of that answer, and the feed. Each is measured RUNS times (3),
// and the run with the median performance is printed; REPORTS=<directory> keeps the whole reports.
//
// Lighthouse slows down the machine that it runs on: the index of its speed is said with each score. Below 1,000, as on
// a machine that does other work, scores say more about the machine than about the page.
import * as chromeLauncher from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { writeFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const METRICS = [
  'first-contentful-paint',
  'speed-index',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
];
const INGREDIENTS = ['cà chua', 'trứng', 'hành lá', 'thịt bò', 'đậu hũ'];
const RUNS = Number(process.env.RUNS ?? 3);
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

const [url, login, ...wanted] = process.argv.slice(2);
const [username, password] = login.split(':');
const paths = wanted.length ? wanted : await mainPages();
const chrome = await chromeLauncher.launch({ chromePath: '/usr/bin/chromium', chromeFlags: FLAGS });
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
try {
  await signIn(await browser.newPage());
  for (const path of paths) await measure(path);
} finally {
  await browser.disconnect();
  chrome.kill();
}

/** Have the next visit be the first: without the service worker and the files that it keeps. */
async function forgetFiles() {
  const page = await browser.newPage();
  await page.goto(`${url}/robots.txt`);
  await page.evaluate(async () => {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
  });
  await page.close();
}

async function mainPages() {
  const { access_token } = await post('/v1/auth/login', { username, password });
  const answer = await post('/v1/suggestions', { ingredients: INGREDIENTS, recipe_count: 5 }, access_token);
  return ['/', `/answer/${answer.id}`, `/recipes/${answer.recipes[0].recipe.id}`, '/feed'];
}

async function post(path, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function signIn(page) {
  await page.goto(`${url}/login`, { waitUntil: 'networkidle0' });
  await page.type('input[autocomplete=username]', username);
  await page.type('input[type=password]', password);
  await page.click('button[type=submit]');
  await page.waitForFunction(() => location.pathname === '/', { timeout: 60_000 });
}

async function measure(path) {
  // Who is signed in stays so: the storage of the page is kept, its files are not.
  const options = { port: chrome.port, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: 'error' };
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    await forgetFiles();
    runs.push((await lighthouse(url + path, options)).lhr);
  }
  runs.sort((one, other) => one.categories.performance.score - other.categories.performance.score);
  const lhr = runs[Math.floor((RUNS - 1) / 2)];
  if (process.env.REPORTS)
    writeFileSync(`${process.env.REPORTS}/${path.split('/')[1] || 'home'}.json`, JSON.stringify(lhr));
  const scores = CATEGORIES.map((name) => `${name} ${Math.round(lhr.categories[name].score * 100)}`);
  const metrics = METRICS.map((name) => `${name} ${lhr.audits[name].displayValue}`);
  console.log(path, '|', scores.join(', '), '|', metrics.join(', '), '| index', lhr.environment.benchmarkIndex);
  for (const { id, weight } of Object.values(lhr.categories).flatMap((one) => one.auditRefs)) {
    const { score, title } = lhr.audits[id];
    if (weight > 0 && score !== null && score < 0.9) console.log('   ', score, id, title);
  }
}
