// Looks at a built deck as a room would, in a browser without a network.
//
//   node tests/slides.mjs BROWSER DECK.html fetches     nothing is asked for
//   node tests/slides.mjs BROWSER DECK.html light|dark  what each slide shows
//   node tests/slides.mjs BROWSER DECK.html keys        the keyboard works
//   node tests/slides.mjs BROWSER DECK.html notes       and the presenter's view
//
// Prints a line for each trouble; without one the deck is fine.
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const require = createRequire(new URL('../slides/package.json', import.meta.url))
const puppeteer = require('puppeteer-core')
const [executablePath, deck, what] = process.argv.slice(2)
const address = pathToFileURL(deck).href
const troubles = []

const slideNumber = (page) => page.evaluate(() =>
  1 + [...document.querySelectorAll('svg[data-marpit-svg]')].findIndex((slide) =>
    slide.classList.contains('bespoke-marp-active')))

const slideCount = (page) => page.evaluate(() =>
  document.querySelectorAll('svg[data-marpit-svg]').length)

async function press(page, key, expected) {
  await page.keyboard.press(key)
  await page.waitForFunction((n) =>
    document.querySelectorAll('svg[data-marpit-svg]')[n - 1].classList.contains('bespoke-marp-active'),
  { timeout: 5000 }, expected).catch(() => {})
  const seen = await slideNumber(page)
  if (seen !== expected) troubles.push(`key ${key}: slide ${seen}, not ${expected}`)
}

// Runs in the page: what is wrong with the slide that is shown.
function lookAt() {
  const found = []
  const slide = document.querySelector('.bespoke-marp-active section')
  const frame = slide.getBoundingClientRect()
  const foot = slide.querySelector('footer')?.getBoundingClientRect().top ?? frame.bottom
  const short = (text) => `"${text.trim().slice(0, 40)}"`

  const numbers = (color) => color.match(/[\d.]+/g).map(Number)
  const solid = (color) => /^rgb/.test(color) && (numbers(color)[3] ?? 1) === 1
  const light = (color) => {
    const [r, g, b] = numbers(color).map((v) =>
      v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x)
    return (high + 0.05) / (low + 0.05)
  }
  const paintOf = (element) => {
    const style = getComputedStyle(element)
    return element instanceof SVGGeometryElement ? style.fill : style.backgroundColor
  }
  // The first solid paint below the middle of the text.
  const behind = (box) => {
    const below = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    const element = below.find((one) => !(one instanceof SVGTextElement) && solid(paintOf(one)))
    return element === undefined ? 'rgb(255, 255, 255)' : paintOf(element)
  }

  const texts = []
  const walker = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    const parent = node.parentElement
    if (node.data.trim() === '' || parent.closest('script, style')) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const scale = parent instanceof SVGTextElement ? parent.getScreenCTM().a : frame.width / 1280
    texts.push({ node, parent, scale, boxes: [...range.getClientRects()] })
  }

  for (const { node, parent, scale, boxes } of texts) {
    const style = getComputedStyle(parent)
    const size = parseFloat(style.fontSize) * scale
    if (size < 23.9) found.push(`${short(node.data)} is ${size.toFixed(1)} pixels high, less than 24`)
    for (const box of boxes.filter((one) => one.width > 0)) {
      if (box.left < frame.left || box.right > frame.right + 0.5 || box.top < frame.top || box.bottom > frame.bottom)
        found.push(`${short(node.data)} leaves the slide`)
      else if (box.bottom > foot + 1 && !parent.closest('footer'))
        found.push(`${short(node.data)} runs into the footer`)
      const color = parent instanceof SVGTextElement ? style.fill : style.color
      const ratio = contrast(color, behind(box))
      if (ratio < 4.5) found.push(`${short(node.data)} has a contrast of ${ratio.toFixed(2)}, less than 4.5`)
    }
  }

  const apart = 4 /* line boxes are higher than letters */
  const drawn = texts.filter(({ parent }) => parent instanceof SVGTextElement)
  drawn.forEach((one, i) => {
    for (const other of drawn.slice(i + 1)) {
      const [a, b] = [one.boxes[0], other.boxes[0]]
      if (a.left < b.right - apart && b.left < a.right - apart &&
        a.top < b.bottom - apart && b.top < a.bottom - apart)
        found.push(`${short(one.node.data)} and ${short(other.node.data)} overlap`)
    }
  })

  for (const block of slide.querySelectorAll('pre'))
    if (block.scrollWidth > block.clientWidth + 1) found.push(`a block is too wide: ${short(block.textContent)}`)
  for (const picture of slide.querySelectorAll('svg.picture')) {
    const box = picture.getBoundingClientRect()
    if (box.left < frame.left || box.right > frame.right || box.bottom > foot + 1)
      found.push('a picture leaves its place')
    if ((picture.getAttribute('aria-label') ?? '').length < 20) found.push('a picture has no alternative text')
    if (picture.querySelector('path, polygon, ellipse') === null) found.push('a picture is empty')
  }
  for (const image of slide.querySelectorAll('img')) {
    if (!image.complete || image.naturalWidth === 0) found.push(`${image.getAttribute('src').slice(0, 60)} does not load`)
    if (image.alt.length < 20) found.push('an image has no alternative text')
  }
  return { found, links: [...slide.querySelectorAll('a[href]')].map((a) => a.href) }
}

async function looks(page, theme) {
  if (theme === 'dark') await page.keyboard.press('t')
  await page.evaluate(() => document.fonts.ready)
  const isDark = await page.evaluate(() => document.querySelector('section').classList.contains('invert'))
  if (isDark !== (theme === 'dark')) troubles.push(`the key t does not lead to ${theme}`)
  const count = await slideCount(page)
  for (let n = 1; n <= count; n++) {
    const { found, links } = await page.evaluate(lookAt)
    for (const trouble of new Set(found)) troubles.push(`slide ${n}: ${trouble}`)
    for (const link of links.filter((one) => one.startsWith('file:')))
      if (!existsSync(fileURLToPath(link.split('#')[0]))) troubles.push(`slide ${n}: ${link} leads nowhere`)
    if (n < count) await press(page, 'ArrowRight', n + 1)
  }
}

async function keys(page) {
  const count = await slideCount(page)
  await press(page, 'ArrowRight', 2)
  await press(page, 'ArrowLeft', 1)
  await press(page, 'Space', 2)
  await press(page, 'End', count)
  await press(page, 'Home', 1)
}

async function notes(page) {
  await page.goto(`${address}?view=presenter&sync=test`)
  const selector = '.bespoke-marp-presenter-note-container .bespoke-marp-note.active'
  const text = await page.waitForSelector(selector, { timeout: 5000 })
    .then((note) => note.evaluate((one) => one.textContent), () => '')
  if (!/Time: \d/.test(text)) troubles.push(`the presenter's view shows no notes, but: ${text.slice(0, 60)}`)
}

const browser = await puppeteer.launch({
  executablePath,
  args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND', '--window-size=1280,720'],
  defaultViewport: { width: 1280, height: 720 },
})
try {
  const page = await browser.newPage()
  await page.setOfflineMode(true)
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(address) && request.url() !== 'about:blank')
      troubles.push(`asks for ${request.url().slice(0, 100)}`)
  })
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`))
  await page.goto(address)
  await page.waitForSelector('.bespoke-marp-active')
  if (what === 'light' || what === 'dark') await looks(page, what)
  else if (what === 'keys') await keys(page)
  else if (what === 'notes') await notes(page)
  else if (what !== 'fetches') throw new Error(`no such test: ${what}`)
} finally {
  await browser.close()
}
for (const trouble of troubles) console.log(trouble)
process.exitCode = troubles.length > 0 ? 1 : 0
