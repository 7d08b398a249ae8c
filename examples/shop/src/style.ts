/** The whole style sheet. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b2733, #e7edf3); --paper: light-dark(#fbfaf7, #12181f);
  --line: light-dark(#dcd8cf, #2c3742); --sea: light-dark(#0b5a82, #6cc0ee); --quiet: light-dark(#5d6a76, #93a1ae);
  --card: light-dark(#fff, #19212a); --warn: light-dark(#fff4d6, #3a2f10); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; justify-content: space-between; align-items: baseline; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.05rem; margin: .25rem 0; }
a { color: var(--sea); } .name { font: 600 1.2rem Georgia, serif; text-decoration: none; }
.banner { margin: 0; padding: .6rem 1.25rem; text-align: center; background: var(--sea); color: var(--paper); }
.notice { padding: .75rem 1rem; border-radius: .5rem; background: var(--warn); }
.shelf { list-style: none; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); }
.shelf li, .checkout { padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card); }
.shelf p { margin: 0 0 .75rem; color: var(--quiet); } .picture { font-size: 2rem; }
.cart { padding: 0; } .cart li { display: flex; justify-content: space-between; padding: .5rem 0; border-bottom: 1px solid var(--line); }
form { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: space-between; align-items: center; }
footer form { justify-content: flex-start; }
button { font: inherit; padding: .4rem .9rem; border: 1px solid var(--sea); border-radius: .5rem; background: none; color: var(--sea); cursor: pointer; }
button:disabled { border-color: var(--line); color: var(--quiet); cursor: default; }
.checkout ol { display: flex; gap: 2rem; color: var(--quiet); } .checkout.new { border-color: var(--sea); }
.checkout button { background: var(--sea); color: var(--paper); }
footer { margin-top: 3rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: .875rem; }
table { margin-top: 1rem; border-collapse: collapse; } caption { text-align: left; } td { padding: .2rem 1.5rem .2rem 0; }
`;
