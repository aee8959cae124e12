import { createHash } from 'node:crypto';

/** The one stylesheet of the public page: served, so that the content security policy needs no exception. */
export const pageCss = `
:root {
  color-scheme: light dark;
  --ground: #f4f2ec; --card: #fffefb; --quiet: #faf8f3; --ink: #1d2722; --soft: #56625b; --line: #dedacf;
  --leaf: #1d6547; --leaf-deep: #154c35; --on-leaf: #ffffff; --wash: #e6f0ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121714; --card: #1b221e; --quiet: #171d1a; --ink: #e8ede9; --soft: #a4b0a9; --line: #323c36;
    --leaf: #8fd0ae; --leaf-deep: #a8dfc2; --on-leaf: #0e2118; --wash: #22332a;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: break-word;
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header, main { width: 100%; max-width: 36rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 1rem; padding-block: 1.25rem .75rem; }
header .brand { font-weight: 600; }
nav { margin-inline: -.5rem; display: flex; flex-wrap: wrap; gap: 0 .25rem; font-size: .9375rem; white-space: nowrap; }
nav a, nav span { padding: .5rem; color: var(--soft); border-radius: .5rem; }
nav span { color: var(--ink); font-weight: 600; }
p, ul { margin: 0; }
h1, h2 { margin: 0; text-wrap: balance; letter-spacing: -.01em; }
h1 { font: 600 1.75rem/1.2 ui-serif, "Iowan Old Style", Palatino, Georgia, serif; display: flex; align-items: center; gap: .625rem; }
h2 { font-size: 1.125rem; line-height: 1.35; }
.card {
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; margin-bottom: 1rem;
  display: grid; gap: 1rem; box-shadow: 0 1px 2px rgb(20 30 25 / .05);
}
.card.quiet { background: var(--quiet); box-shadow: none; gap: .75rem; }
.card > *, .choices > * { min-width: 0; }
.stream { display: grid; gap: .125rem; padding: .75rem 1rem; background: var(--wash); border-radius: .75rem; }
.stream span, .hint, .from, .note, footer { color: var(--soft); font-size: .9375rem; }
.hint { line-height: 1.45; }
form { display: grid; gap: 1rem; margin: 0; min-width: 0; }
.choices { display: grid; gap: 1rem; }
.choice { display: grid; gap: .375rem; }
button, .button, select {
  font: inherit; min-height: 3rem; padding: .625rem 1rem; border-radius: .75rem; border: 1px solid var(--leaf);
  background: transparent; color: var(--leaf); width: 100%; max-width: 100%; text-align: center;
}
button, .button { font-weight: 600; cursor: pointer; text-decoration: none; display: inline-block; }
button:hover, .button:hover { background: var(--wash); }
button.primary { background: var(--leaf); color: var(--on-leaf); }
button.primary:hover { background: var(--leaf-deep); }
select { text-align: left; border-color: var(--line); background: var(--card); color: var(--ink); }
:focus-visible { outline: 3px solid var(--leaf); outline-offset: 2px; }
.row { display: flex; flex-wrap: wrap; gap: .625rem .875rem; align-items: center; }
.row button, .row select { width: auto; flex: 0 1 auto; }
.row .hint { flex: 1 1 11rem; }
.offers { display: grid; gap: .625rem; }
details { border-top: 1px solid var(--line); padding-top: .5rem; }
summary { cursor: pointer; padding: .5rem 0; color: var(--soft); font-size: .9375rem; border-radius: .375rem; }
details[open] summary { margin-bottom: .375rem; }
details.card { display: block; border-top: 1px solid var(--line); padding-block: .625rem; }
details.card summary { color: var(--ink); font-size: 1.0625rem; font-weight: 600; }
details.card > .hint { margin-bottom: .75rem; }
details.card[open] { padding-bottom: 1.25rem; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { padding: 0 0 .25rem; font-weight: 600; font-size: .9375rem; color: var(--soft); }
.box { display: grid; grid-template-columns: auto 1fr; column-gap: .75rem; align-items: center; border-top: 1px solid var(--line); }
.box input[type=checkbox] { width: 1.375rem; height: 1.375rem; margin: 0; accent-color: var(--leaf); }
.box label { padding: .75rem 0; cursor: pointer; min-width: 0; }
.box .hint { grid-column: 2; padding-bottom: .75rem; margin-top: -.5rem; }
.box input:disabled + label { cursor: default; color: var(--soft); }
.intro { margin-bottom: -.5rem; }
ul { list-style: none; padding: 0; display: grid; gap: .375rem; }
li { padding-left: 1.625rem; position: relative; }
li::before { position: absolute; left: 0; color: var(--leaf); font-weight: 700; }
ul.on li:not(.rest)::before { content: "\\2713" / ""; }
ul.off li:not(.rest)::before { content: "\\2013" / ""; color: var(--soft); }
ul.off li bdi { color: var(--soft); }
li.rest { color: var(--soft); }
.tick { flex: none; fill: none; stroke: var(--leaf); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.tick circle { fill: var(--wash); stroke: none; }
.note { padding: 0 .25rem; margin-bottom: 1rem; }
footer { padding: .25rem .25rem 2.5rem; display: grid; gap: .25rem; }
a { color: var(--leaf); text-underline-offset: .2em; }
@media (min-width: 48rem) {
  header { padding-top: 3rem; }
  .card { padding: 1.75rem; }
  details.card { padding: .875rem 1.75rem; }
}
@media (prefers-contrast: more) { :root { --line: currentColor; --soft: var(--ink); } }
@media (forced-colors: active) { .tick { stroke: CanvasText; } }
`;

/** Changes with the content, so that the stylesheet can be cached for ever. */
export const pageCssVersion = createHash('sha256').update(pageCss).digest('base64url').slice(0, 12);
