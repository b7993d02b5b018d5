/** Letters of other scripts that look like a Latin letter, in lower case: from the table of Unicode TS 39. */
const LETTERS: Readonly<Record<string, string>> = {
  a: 'ɑαаꭺᗅꓮ𖽀𐊠',
  b: 'ƅьꮟᖯꞵβвᏼᗷꓐ𐊂𐊡𐌁',
  c: 'ᴄςⲥсꮯ𐐽σꓚ𐊢𐌂𐔜',
  d: 'ԁꮷᑯꓒꭰᗞᗪꓓ',
  e: 'ꬲеҽⴹꭼꓰ𐊆',
  f: 'ꬵꞙẝքϝᖴꓝ𑣂𐊇𐊥𐔥',
  g: 'ɡᶃƍցԍꮐᏻꓖ',
  h: 'һհꮒηⲏнꮋᕼꓧ𐋏',
  i: 'ıɪɩιіꙇӏꭵ𑣃',
  j: 'ϳјʝꭻᒍꓙ',
  k: 'κⲕкꮶᛕꓗ𐔘',
  l: 'ǀⲓוןاߊⵏᛁꓲ𖼨𐊊𐌉ⳑꮮᒪꓡ𖼖𑣒𐑃𐔦',
  m: 'μϻⲙмꮇᗰᛖꓟ𐊰𐌑',
  n: 'ոռνⲛꓠ𐔓',
  o: 'ᴏᴑꬽοⲟоჿօסهھہەഠဝ𐓪𑣗𐐬ⵔዐଠꓳ𐊒𐊫𐔖',
  p: 'ρⲣрꮲᑭꓑ𐊕',
  q: 'ԛգզⵕ',
  r: 'ꭇꭈᴦⲅгꮁʀꭱꮢ𐓜ᖇꓣ𖼵',
  s: 'ꜱѕꮪ𑣁𐑈տꮥꓢ𖼺𐊖',
  t: 'τⲧтꭲꓔ𖼊𑣜𐊗𐊱𐌕',
  u: 'ꞟᴜꭎꭒʋυս𐓶𑣘ሀᑌꓴ𖽂',
  v: 'ᴠѵט𑜆ꮩ𑣀ⴸᐯꛟꓦ𖼈𐔝',
  w: 'ɯᴡѡԝա𑜊𑜎𑜏ꮃꮤꓪ',
  x: 'хᕁᕽꭓχⲭⵝᚷꓫ𐊐𐊴𐌗𐔧',
  y: 'ɣᶌʏỿꭚγуүყⲩꭹꮍꓬ𖽃𑣄𐊲',
  z: 'ᴢꮓζꓜ𑣉',
}

const LATIN = new Map(
  Object.entries(LETTERS).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin])),
)

/** Replaces letters that look like Latin ones. Texts that look alike have the same skeleton. */
export function skeletonOf(folded: string): string {
  let skeleton = ''
  for (const character of folded) skeleton += LATIN.get(character) ?? character
  return skeleton
}
