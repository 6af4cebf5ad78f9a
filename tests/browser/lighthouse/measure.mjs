// Lighthouse's scores of the client's main pages, as a phone with a processor slowed four times on "slow 4G" meets them.
//
//     node measure.mjs http://127.0.0.1:8000 demo:<password> / /feed /recipes/<id>
//
// Lighthouse slows down the machine that it runs on: the index of its speed is said with each score. Below 1,000, as on
// a machine that does other work, scores say more about the machine than about the page.
import * as chromeLauncher from 'chrome-launcher';
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const METRICS = ['largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];
const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

const [url, login, ...paths] = process.argv.slice(2);
const chrome = await chromeLauncher.launch({ chromePath: '/usr/bin/chromium', chromeFlags: FLAGS });
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
try {
  await signIn(await browser.newPage());
  for (const path of paths) await measure(path);
} finally {
  await browser.disconnect();
  chrome.kill();
}

async function signIn(page) {
  const [username, password] = login.split(':');
  await page.goto(`${url}/login`, { waitUntil: 'networkidle0' });
  await page.type('input[autocomplete=username]', username);
  await page.type('input[type=password]', password);
  await page.click('button[type=submit]');
  await page.waitForFunction(() => location.pathname === '/', { timeout: 60_000 });
}

async function measure(path) {
  // Who is signed in stays so: the storage of the page is kept, its cache is not.
  const options = { port: chrome.port, onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: 'error' };
  const { lhr } = await lighthouse(url + path, options);
  const scores = CATEGORIES.map((name) => `${name} ${Math.round(lhr.categories[name].score * 100)}`);
  const metrics = METRICS.map((name) => `${name} ${lhr.audits[name].displayValue}`);
  console.log(path, '|', scores.join(', '), '|', metrics.join(', '), '| index', lhr.environment.benchmarkIndex);
  for (const { id, weight } of Object.values(lhr.categories).flatMap((one) => one.auditRefs)) {
    const { score, title } = lhr.audits[id];
    if (weight > 0 && score !== null && score < 0.9) console.log('   ', score, id, title);
  }
}
