// How Marp builds the decks: pictures drawn into the page, fonts within it,
// links to the exercises that are there, and the key `t` for the other theme.
import { readFileSync, readdirSync } from 'node:fs'
import { draw, style } from './draw.mjs'

const here = (path) => new URL(path, import.meta.url)
const exercises = readdirSync(here('../exercises'))

const fonts = [
  ['Atkinson Hyperlegible', 'atkinson-hyperlegible', 400, 'normal'],
  ['Atkinson Hyperlegible', 'atkinson-hyperlegible', 700, 'normal'],
  ['Atkinson Hyperlegible', 'atkinson-hyperlegible', 400, 'italic'],
  ['JetBrains Mono', 'jetbrains-mono', 400, 'normal'],
  ['JetBrains Mono', 'jetbrains-mono', 700, 'normal'],
]

function fontFace([family, name, weight, kind]) {
  const file = `node_modules/@fontsource/${name}/files/${name}-latin-${weight}-${kind}.woff2`
  const data = readFileSync(here(file)).toString('base64')
  return `@font-face { font-family: "${family}"; font-weight: ${weight}; font-style: ${kind};
    src: url(data:font/woff2;base64,${data}) format("woff2"); }`
}

// ![what it shows](diagrams/leaf_nodes.dot#2): the second step of that picture.
function pictures(md) {
  const other = md.renderer.rules.image
  md.renderer.rules.image = (tokens, i, ...rest) => {
    const source = /^diagrams\/(\w+)\.dot(?:#(\d+))?$/.exec(tokens[i].attrGet('src'))
    if (source === null) return other(tokens, i, ...rest)
    const [, name, step] = source
    return draw(name, step && Number(step), tokens[i].content)
  }
}

// [exercise 09](exercise:09) leads to its folder, as soon as it has one.
function exerciseLinks(md) {
  md.core.ruler.push('exercise_links', ({ tokens }) => {
    for (const token of tokens.flatMap((t) => t.children ?? [])) {
      const number = /^exercise:(\d\d)$/.exec(token.attrGet('href') ?? '')?.[1]
      if (number === undefined) continue
      const folder = exercises.find((name) => name.startsWith(`${number}_`))
      if (folder !== undefined) token.attrSet('href', `../../exercises/${folder}/README.md`)
      else token.attrs = null
    }
  })
  const allowed = md.validateLink
  md.validateLink = (url) => url.startsWith('exercise:') || allowed(url)
}

// Runs in the page: `t` changes between light and dark, in every open view.
function switchTheme() {
  const dark = (yes) => {
    for (const slide of document.querySelectorAll('section'))
      slide.classList.toggle('invert', yes)
  }
  const stored = () => {
    const theme = localStorage.getItem('theme')
    if (theme !== null) dark(theme === 'dark')
  }
  addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    if (key !== 't' || ctrlKey || metaKey || altKey) return
    const isDark = document.querySelector('section').classList.contains('invert')
    localStorage.setItem('theme', isDark ? 'light' : 'dark')
    stored()
  })
  addEventListener('storage', stored)
  stored()
}

function themeKey(md) {
  md.core.ruler.push('theme_key', (state) => {
    if (!state.inlineMode) state.tokens.push(new state.Token('theme_key', '', 0))
  })
  md.renderer.rules.theme_key = () => `<script>(${switchTheme})()</script>\n`
}

// THEME=dark: what `t` does, for every slide from the start.
function darkSlides(md) {
  md.core.ruler.push('dark_slides', ({ tokens }) => {
    for (const token of tokens)
      if (token.type === 'marpit_slide_open') token.attrJoin('class', 'invert')
  })
}

// An arrow: Marp takes what is declared by `function` for a class.
const engine = ({ marp }) => {
  const css = readFileSync(here('theme.css'), 'utf8')
  marp.themeSet.default = marp.themeSet.add([css, ...fonts.map(fontFace), style].join('\n'))
  marp.use(pictures).use(exerciseLinks).use(themeKey)
  return process.env.THEME === 'dark' ? marp.use(darkSlides) : marp
}

export default {
  engine,
  options: { emoji: { unicode: false, shortcode: false }, math: false },
}
