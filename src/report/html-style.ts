export const STYLE = `
:root{color-scheme:light dark;--bg:#f7f8fa;--card:#fff;--text:#1c2430;--soft:#5a6675;--line:#dde2e9;--code:#f1f3f6;--mark:#ffe3e3;
--critical:#b3161f;--high:#cc4a0a;--medium:#946200;--low:#1f6aa5;--info:#6a7482;--good:#1c7c43}
@media (prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1a2029;--text:#e6eaf0;--soft:#9aa6b5;--line:#2d3642;--code:#10141a;--mark:#5b1f24;
--critical:#ff7079;--high:#ff9a62;--medium:#efc052;--low:#74b6f0;--info:#9aa6b5;--good:#5cc98a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main,header{max-width:62rem;margin:0 auto;padding:1rem}
h1{font-size:1.1rem;margin:0;font-weight:600}h2{font-size:1.25rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0}.card h2{margin-top:0}.card h3{margin-top:.8rem}
a{color:var(--low)}code,pre{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
code{background:var(--code);padding:.1em .3em;border-radius:4px;overflow-wrap:anywhere}
pre{background:var(--code);padding:.6rem .8rem;border-radius:8px;overflow-x:auto;margin:.5rem 0}pre code{padding:0;background:none;overflow-wrap:normal}
.soft{color:var(--soft)}.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.2rem;margin:1rem 0}
.top{display:grid;grid-template-columns:11rem 1fr;gap:1.5rem;align-items:center}
.verdict{font-size:1.2rem;font-weight:600;margin:.3rem 0}.held{color:var(--good)}.broken{color:var(--critical)}
.dial{width:100%;max-width:11rem}.dial circle{fill:none;stroke-width:11;stroke-linecap:round}.dial .track{stroke:var(--line)}
.dial text{fill:var(--text);font-family:inherit}.dial .value{font-size:34px;font-weight:700}.dial .letter{font-size:18px;font-weight:600}
.grade-A .arc{stroke:var(--good)}.grade-B .arc{stroke:var(--low)}.grade-C .arc,.grade-D .arc{stroke:var(--medium)}.grade-F .arc{stroke:var(--critical)}
figure{margin:0}figcaption{color:var(--soft);margin-bottom:.5rem}
figure{overflow-x:auto}.chart{width:100%;min-width:30rem;max-width:44rem}.chart text{fill:var(--text);font-size:13px;font-family:inherit}.chart .count{fill:var(--soft);white-space:pre}
.fill-critical{fill:var(--critical)}.fill-high{fill:var(--high)}.fill-medium{fill:var(--medium)}.fill-low{fill:var(--low)}.fill-info{fill:var(--info)}
.badge{display:inline-block;min-width:4.6rem;text-align:center;font-size:.8rem;font-weight:600;padding:.05rem .5rem;border-radius:99px;border:1.5px solid currentColor}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.info{color:var(--info)}
.filters{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.6rem 1rem;margin:1rem 0}
.filters label{white-space:nowrap}.filters input[type=search]{flex:1 1 10rem;min-width:8rem}
.filters input[type=search],.filters select{font:inherit;color:inherit;background:var(--code);border:1px solid var(--line);border-radius:6px;padding:.2rem .5rem}
.rule{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.8rem 1.2rem;margin:.8rem 0}
.rule>summary{cursor:pointer;display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center;list-style-position:outside}
.rule>summary h3{overflow-wrap:anywhere}
.finding{border-top:1px solid var(--line);margin-top:.8rem;padding-top:.8rem}
.place{font:13px ui-monospace,Menlo,Consolas,monospace;color:var(--soft);overflow-wrap:anywhere}
.finding p{margin:.2rem 0;overflow-wrap:anywhere}
.frame .n{color:var(--soft);user-select:none}.frame .on{color:var(--critical)}
mark{background:var(--mark);color:inherit;border-bottom:2px solid var(--critical);border-radius:2px}
.trail{margin:.4rem 0;padding-left:1.4rem}.help{margin-top:.6rem}.help p{margin:.3rem 0}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td.points{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}[hidden]{display:none!important}
@media (max-width:40rem){.top{grid-template-columns:1fr}.dial{max-width:9rem;margin:0 auto;display:block}.filters{position:static}main,header{padding:.6rem}.card,.rule{padding:.7rem .8rem}}
@media print{.filters{display:none}.card,.rule{break-inside:avoid}}
`;
