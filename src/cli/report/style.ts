import { Html } from './markup.ts'

/** The style of the page: the colours of the console, light and dark, and rules for paper. */
export const STYLE = new Html(`
:root{color-scheme:light dark;--canvas:light-dark(#f5f7f9,#0c0f12);--surface:light-dark(#fff,#121519);--line:light-dark(#e0e4e7,#22272c);
--edge:light-dark(#c7cdd1,#383e44);--ink:light-dark(#181f27,#eaedf0);--ink2:light-dark(#444b54,#b3b8be);--ink3:light-dark(#636a72,#8a9096);
--accent:light-dark(#006c94,#61cbe7);--tint:light-dark(#e1f4fb,#0e2936);--tint-edge:light-dark(#afd9ea,#1c4b5e);--meter:light-dark(#e1ecf2,#152229);
--good:light-dark(#036d3d,#6cd79d);--bad:light-dark(#b32e2f,#f79491);--warn:light-dark(#865403,#eec066);
--warn-tint:light-dark(#fff2d6,#34240c);--bar:light-dark(#0b6f9c,#5cc4ea);--p2:light-dark(#b26a00,#e6b04f);--p3:light-dark(#7a4fc0,#b99bf0);--p4:light-dark(#1d8452,#5fd39b);
--h0:light-dark(#eef0f3,#191c20);--h1:light-dark(#d5ecf6,#132935);--h2:light-dark(#aeddf0,#193d4d);--h3:light-dark(#81c6e2,#21536a);
--h4:light-dark(#00739a,#45a6c4);--h5:light-dark(#00577d,#61cbe7);--on-heat:light-dark(#fff,#04141d);
--words:Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;
--mono:"Geist Mono",ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
:root:lang(zh){--words:Inter,"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif}
*{box-sizing:border-box}
body{margin:0;background:var(--canvas);color:var(--ink);font:15px/1.6 var(--words);-webkit-text-size-adjust:100%}
main{max-width:1040px;margin:0 auto;padding:32px 40px 48px;background:var(--surface);min-height:100vh}
header{display:flex;flex-direction:column;gap:4px;border-bottom:1px solid var(--line);padding-bottom:20px}
.mark{display:flex;align-items:center;gap:8px;font-weight:600;font-size:14px}
.mark svg{width:22px;height:22px}
h1{font-size:28px;line-height:1.25;font-weight:600;margin:8px 0 0;overflow-wrap:anywhere}
h2{font-size:20px;line-height:1.3;font-weight:600;margin:0 0 6px}
h3{font-size:15px;line-height:1.4;font-weight:600;margin:22px 0 8px}
p{margin:0 0 10px;max-width:46em}
.about,.note{color:var(--ink2)}
.note{font-size:13px}
.faint{color:var(--ink3)}
section{padding:28px 0 8px;border-bottom:1px solid var(--line)}
section:last-of-type{border-bottom:0}
.figures{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:0;padding:0;margin:0;border-bottom:1px solid var(--line)}
.figures div{padding:20px 16px 20px 0;margin-right:16px}
.figures div+div{border-left:1px solid var(--line);padding-left:16px}
.figures dd{margin:0;font-size:30px;line-height:1.2;font-weight:600;font-variant-numeric:tabular-nums}
.figures dt{color:var(--ink2);font-size:13px;line-height:1.45;overflow-wrap:anywhere}
.figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
.next{background:var(--tint);border:1px solid var(--tint-edge);border-radius:8px;padding:20px 24px 12px;margin:28px 0 0}
.next ol{margin:0;padding:0;list-style:none;counter-reset:step}
.next li{position:relative;padding:0 0 12px 36px;counter-increment:step;max-width:52em;overflow-wrap:anywhere}
.next li::before{content:counter(step);position:absolute;left:0;top:1px;width:23px;height:23px;border-radius:50%;background:var(--accent);color:var(--on-heat);font-size:13px;line-height:23px;text-align:center;font-weight:600}
table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.45;margin:0 0 14px}
th,td{text-align:left;padding:6px 12px 6px 0;border-bottom:1px solid var(--line);vertical-align:middle}
.long{overflow-wrap:anywhere}
thead th{font-weight:500;color:var(--ink3);font-size:13px;vertical-align:bottom}
tbody th{font-weight:500}
.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;padding-left:12px}
th.num:last-child,td.num:last-child{padding-right:0}
caption{text-align:left;font-weight:600;padding:0 0 6px}
.data{font-family:var(--mono);font-size:.92em}
.plot td.graph{width:46%}.plot td.narrow{width:26%}
svg.bar{display:block;width:100%;height:12px;border-radius:3px;background:var(--meter)}
svg.bar rect{fill:var(--bar)}
.heat td{text-align:center;padding:7px 2px;border:2px solid var(--surface);border-radius:3px;font-variant-numeric:tabular-nums;font-size:13px}
.heat thead th{text-align:center;padding:4px 2px;border-bottom:0;overflow-wrap:anywhere;font-size:12px}
.heat tbody th,.heat thead th:first-child{text-align:left;border-bottom:0;padding-right:8px}
.heat table,table.heat{table-layout:fixed}
.heat .key{width:26%}
.h0{background:var(--h0)}.h1{background:var(--h1)}.h2{background:var(--h2)}.h3{background:var(--h3)}
.h4{background:var(--h4);color:var(--on-heat)}.h5{background:var(--h5);color:var(--on-heat)}
.part{white-space:nowrap}
.keep{color:var(--good);font-weight:600}
.both{background:var(--warn-tint);color:var(--warn);border-radius:3px;padding:1px 6px;font-size:12.5px}
.two{display:grid;grid-template-columns:2fr 3fr;gap:40px}
svg.days{display:block;width:100%;height:auto;margin:0 0 6px}
svg.days rect{fill:var(--bar)}
svg.days .axis{stroke:var(--edge)}
svg .line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
.l0{--stroke:var(--bar)}.l1{--stroke:var(--p2)}.l2{--stroke:var(--p3)}.l3{--stroke:var(--p4)}
svg .line{stroke:var(--stroke)}svg .l1{stroke-dasharray:7 4}svg .l2{stroke-dasharray:2 4}svg .l3{stroke-dasharray:10 3 2 3}
.key-line{display:inline-block;width:18px;border-top:3px solid var(--stroke);vertical-align:middle;margin-right:6px}.key-line.l1{border-top-style:dashed}.key-line.l2{border-top-style:dotted}.key-line.l3{border-top-style:double}
.of-days{table-layout:fixed}.of-days th,.of-days td{text-align:center;padding:4px 2px;border-bottom:0;font-variant-numeric:tabular-nums}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
svg.days text{fill:var(--ink3);font:12px var(--words)}
.plus{color:var(--good)}.minus{color:var(--bad)}
.words{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0 0 12px;font-size:14px}
.words dt{font-weight:600}.words dd{margin:0;color:var(--ink2)}
footer{color:var(--ink3);font-size:13px;padding-top:18px}
@media (max-width:760px){main{padding:20px 16px 32px}.figures{grid-auto-flow:row;grid-template-columns:1fr 1fr}.figures div,.figures div+div{border-left:0;padding:12px 0}.two{grid-template-columns:1fr;gap:8px}.plot td.graph{display:none}.scroll{overflow-x:auto}}
@page{size:A4;margin:14mm 14mm 16mm}
@media print{:root{color-scheme:light}body,main{background:#fff}body{font-size:10.5pt;line-height:1.5}main{max-width:none;padding:0;min-height:0}
h1{font-size:20pt}h2{font-size:14pt}h2,h3,caption,thead{break-after:avoid}tr,.figures,.next,svg{break-inside:avoid}thead{display:table-header-group}
section{padding:18px 0 4px}.two{gap:24px}.heat thead th{font-size:8pt}table{font-size:9.5pt}p,li{orphans:3;widows:3}.figures dd{font-size:20pt}.figures dt{font-size:9pt}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`)
