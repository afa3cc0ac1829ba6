import { createHash } from 'node:crypto'
import {
  createKernel,
  type GeneratorDefinition,
  type JsonValue,
  type Namer,
  type SourceInput,
} from '@latent-image/kernel'
import { fakeGenerator } from '@latent-image/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

function nameOf(definition: GeneratorDefinition, source: SourceInput, params: JsonValue = {}): string | null {
  const kernel = createKernel({ generators: { 'profile:avatar:thumbnail': definition } })
  return kernel.file('profile:avatar:thumbnail', { source, params }).name
}

/** What the documentation says, word by word. */
function hashOf(canonical: string, name: string, revision = ''): string {
  return sha256(name).slice(0, 8) + sha256([sha256(canonical), revision, name].join('\n')).slice(0, 24)
}

const fingerprint = {
  processors: [['resizeToFill', { width: 300, height: 200 }]],
  format: 'jpeg',
  options: { quality: 80 },
}
const canonical =
  '{"format":"jpeg","options":{"quality":80},"processors":[["resizeToFill",{"height":200,"width":300}]]}'
const spec = fakeGenerator({ fingerprint, format: 'jpeg' })

test('a name is pinned for ever', () => {
  expect(nameOf(spec, 'avatars/kim.jpg')).toBe('CACHE/images/avatars/kim/00c152f2e632cfb9b3226921c0f46f55.jpg')
})

test('a hash is made as the documentation says', () => {
  expect(nameOf(spec, 'avatars/kim.jpg')).toBe(`CACHE/images/avatars/kim/${hashOf(canonical, 'avatars/kim.jpg')}.jpg`)
})

test('a revision enters the hash, but not the digits that everything made from a source shares', () => {
  const name = nameOf(spec, { name: 'avatars/kim.jpg', revision: 'v2' })
  expect(name).toBe(`CACHE/images/avatars/kim/${hashOf(canonical, 'avatars/kim.jpg', 'v2')}.jpg`)
  expect(name?.slice(0, 33)).toBe(nameOf(spec, 'avatars/kim.jpg')?.slice(0, 33))
})

test('without a source the id takes the place of its name in the shared digits and in the path', () => {
  const definition = fakeGenerator({ source: 'none', fingerprint: 'dot', format: 'png' })
  const hash = sha256('profile:avatar:thumbnail').slice(0, 8) + sha256(`${sha256('"dot"')}\n\n`).slice(0, 24)
  expect(nameOf(definition, undefined)).toBe(`CACHE/images/profile/avatar/thumbnail/${hash}.png`)
})

test('the order of keys does not matter', () => {
  const reordered = {
    options: { quality: 80 },
    format: 'jpeg',
    processors: [['resizeToFill', { height: 200, width: 300 }]],
  }
  expect(nameOf(fakeGenerator({ fingerprint: reordered, format: 'jpeg' }), 'kim.jpg')).toBe(nameOf(spec, 'kim.jpg'))
})

test('the order of processors matters', () => {
  const one = fakeGenerator({ fingerprint: ['crop', 'resize'] })
  const other = fakeGenerator({ fingerprint: ['resize', 'crop'] })
  expect(nameOf(one, 'kim.jpg')).not.toBe(nameOf(other, 'kim.jpg'))
})

test('params enter the hash of a fingerprint that cannot know them', () => {
  const names = [null, {}, { width: 1 }, { width: 2 }, 0, false].map((params) => nameOf(spec, 'kim.jpg', params))
  expect(names[1]).toBe(names[0])
  expect(new Set(names).size).toBe(5)
})

test('a dynamic fingerprint decides what of source and params enters the hash', () => {
  const dynamic: GeneratorDefinition = {
    ...fakeGenerator(),
    fingerprint: (source, params) => ({ focus: source?.attributes ?? null, params }),
  }
  const at = (attributes: JsonValue) => nameOf(dynamic, { name: 'kim.jpg', attributes })
  expect(at({ x: 1 })).not.toBe(at({ x: 2 }))
  expect(nameOf(spec, { name: 'kim.jpg', attributes: { x: 1 } })).toBe(nameOf(spec, 'kim.jpg'))
})

test.each([
  ['kim.PNG', 'png'],
  ['kim.jpeg', 'jpg'],
  ['kim.tif', 'tiff'],
  ['kim.webp', 'webp'],
  ['kim.txt', 'jpg'],
  ['kim', 'jpg'],
  ['.png', 'png'],
])('a format that is not given follows the name of the source: %s becomes %s', (source, extension) => {
  const definition = fakeGenerator({ fingerprint: 'any' })
  const { format, ...formatless } = definition
  expect(nameOf(formatless, source)).toMatch(new RegExp(`\\.${extension}$`))
})

test('the format that a fingerprint declares decides', () => {
  const { format, ...formatless } = fakeGenerator({ fingerprint: { format: 'avif' } })
  expect(nameOf(formatless, 'kim.png')).toMatch(/\.avif$/)
})

test('namers are chosen by name, globally', () => {
  const hash = hashOf(canonical, 'a/kim.jpg')
  const named = (namer: 'sourceNameDotHash' | 'hash') =>
    createKernel({ namer, generators: { spec } }).file('spec', { source: 'a/kim.jpg' }).name
  expect(named('sourceNameDotHash')).toBe(`CACHE/images/a/kim.${hash}.jpg`)
  expect(named('hash')).toBe(`CACHE/images/${hash}.jpg`)
})

test("a prefix and namers of one's own decide, the generator's before the global one", () => {
  const kernel = createKernel({
    prefix: 'made',
    namer: ({ prefix, hash, extension }) => `${prefix}/global-${hash}.${extension}`,
    generators: {
      spec,
      own: fakeGenerator({ namer: ({ prefix, hash, generator }) => `${prefix}/${generator}-${hash}` }),
    },
  })
  expect(kernel.file('spec', { source: 'kim.jpg' }).name).toMatch(/^made\/global-[0-9a-f]{32}\.jpg$/)
  expect(kernel.file('own', { source: 'kim.jpg' }).name).toMatch(/^made\/own-[0-9a-f]{32}$/)
})

test.each([
  ['without the hash', () => 'same/for/all.jpg'],
  ['with part of the hash', ({ hash }: { hash: string }) => hash.slice(0, 31)],
  ['out of the root', ({ hash }: { hash: string }) => `../${hash}.jpg`],
  ['absolute', ({ hash }: { hash: string }) => `/${hash}.jpg`],
  ['no string', () => undefined as unknown as string],
])('refuses a name %s', (_, namer) => {
  const make = () => nameOf(fakeGenerator({ namer }), 'kim.jpg')
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_NAME' }))
})

test.each([
  ['a function', () => 1],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['a bigint', 1n],
  ['a symbol', Symbol('s')],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['an instance of a class', new (class Focus {})()],
  ['a hole in an array', new Array(1)],
])('refuses %s in a fingerprint or in params, rather than hashing something else', (_, value) => {
  const hostile = { deep: [{ value }] } as unknown as JsonValue
  const refused = expect.objectContaining({ code: 'NOT_JSON', message: expect.stringContaining('deep[0].value') })
  expect(() => nameOf(fakeGenerator({ fingerprint: hostile }), 'kim.jpg')).toThrow(refused)
  expect(() => nameOf({ ...fakeGenerator(), fingerprint: () => hostile }, 'kim.jpg')).toThrow(refused)
  expect(() => nameOf(spec, 'kim.jpg', hostile)).toThrow(refused)
})

test('refuses a circle', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle
  expect(() => nameOf(spec, 'kim.jpg', circle as JsonValue)).toThrow(expect.objectContaining({ code: 'NOT_JSON' }))
})

// Names as an attacker, an old camera or a distant keyboard sends them.
const hostileNames = [
  '..',
  '../..',
  '../../etc/passwd',
  '/etc/passwd',
  '//server/share/a.jpg',
  'a/../../b.jpg',
  'a/./b.jpg',
  './a.jpg',
  'a//b.jpg',
  '..\\..\\windows\\win.ini',
  'C:\\a.jpg',
  'c:a.jpg',
  '\\\\server\\share\\a.jpg',
  'a\\b.jpg',
  'a/b\\..\\c.jpg',
  '.',
  '...',
  '....jpg',
  '.jpg',
  '. .jpg',
  ' ',
  '   .jpg',
  'a .jpg',
  ' a.jpg',
  'a. .jpg',
  'a./b.jpg',
  'a /b.jpg',
  '.hidden/a.jpg',
  'con',
  'CON.jpg',
  'con.tar.gz',
  'a/nul/b.jpg',
  'aux.',
  'PRN.png',
  'com1.jpg',
  'lpt9',
  'COM¹.jpg',
  'lpt²',
  'conin$',
  'CONOUT$.jpg',
  'a:b.jpg',
  'a.jpg:stream',
  'a|b.jpg',
  'a?b.jpg',
  'a*b.jpg',
  'a<b>.jpg',
  'a"b.jpg',
  'a%2e%2e%2fb.jpg',
  '%2e%2e/%2e%2e/a.jpg',
  'a\0b.jpg',
  'a.jpg\0.png',
  'a\nb.jpg',
  'a\r\nb.jpg',
  'a\tb.jpg',
  'a\u007fb.jpg',
  '\u001b[31m.jpg',
  'a\u0085b.jpg',
  'a\u2028b.jpg',
  'a\u202egpj.exe',
  'a\u200bb.jpg',
  '\ufeffa.jpg',
  '\u00a0',
  '\u3000.jpg',
  '\ud800',
  '\udc00.jpg',
  'a\ud83d.jpg',
  '\ude00\ud83d.jpg',
  '\ufffd',
  '\uffff.jpg',
  'é.jpg',
  'e\u0301.jpg',
  'ﬁ.jpg',
  'İ.jpg',
  'ı.jpg',
  'ß.jpg',
  'SS.jpg',
  'ss.jpg',
  'K.jpg',
  '\u212a.jpg',
  'Kim.jpg',
  'kim.jpg',
  'KIM.JPG',
  'kim.png',
  'kim',
  'kim.',
  'kim.jpg/',
  'kim/.jpg',
  'kim_.jpg',
  'kim~1.jpg',
  '_',
  '_con',
  '👩‍👩‍👧‍👦.jpg',
  '😀',
  '写真/東京.jpg',
  'صورة.jpg',
  'शि.jpg',
  'a'.repeat(300),
  `${'a'.repeat(299)}b`,
  `${'😀'.repeat(100)}.jpg`,
  `${'é'.repeat(200)}.jpg`,
  'a/'.repeat(200),
  `${'b/'.repeat(2000)}c.jpg`,
  `${'x'.repeat(79)}. .jpg`,
  `${'y'.repeat(79)}é.jpg`,
  `.${'z'.repeat(100_000)}`,
  '__proto__',
  'constructor',
  '$(reboot).jpg',
  '`id`.jpg',
  ';rm -rf ~;.jpg',
  '-rf',
  '~/.ssh/id_rsa',
  '~root',
  '{a,b}.jpg',
  '#.jpg',
  '<script>.jpg',
  'https://example.com/a.jpg?x=1#y',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  '0',
  'null',
  'undefined',
  'CACHE/images/kim.jpg',
]

/** Whether a name can be a file below the prefix on Linux, macOS and Windows. */
function expectSafe(name: string | null): void {
  expect(name).toMatch(/^CACHE\/images\/(?:[^/]+\/)+[0-9a-f]{32}\.[a-z]+$/)
  expect(name?.isWellFormed()).toBe(true)
  expect(Buffer.byteLength(name ?? '')).toBeLessThanOrEqual(1000)
  for (const segment of (name ?? '').split('/')) {
    expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(100)
    expect(segment).not.toMatch(/^[\s.]|[\s.]$/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    expect(segment).not.toMatch(/[\u0000-\u001f\u007f-\u009f\\<>:"|?*\u2028\u2029\u200b\u202e\ufeff\ufffd]/)
    expect(segment).not.toMatch(/^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i)
    expect(segment).toBe(segment.normalize('NFC'))
  }
}

const kernel = createKernel({
  generators: {
    spec,
    dots: fakeGenerator({ namer: ({ prefix, shownName, hash }) => `${prefix}/${shownName}.${hash}.jpg` }),
  },
})

test.each(hostileNames)('keeps %j below the prefix', (source) => {
  expectSafe(kernel.file('spec', { source }).name)
})

test('no two hostile names meet, on a file system that knows no case either', () => {
  const names = hostileNames.map((source) => kernel.file('spec', { source }).name?.toLowerCase())
  expect(hostileNames.length).toBeGreaterThanOrEqual(60)
  expect(new Set(hostileNames).size).toBe(hostileNames.length)
  expect(new Set(names).size).toBe(names.length)
})

const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 200 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        'a',
        ' ',
        'con',
        'nul.',
        ':',
        '\0',
        '\ud800',
        '\udfff',
        'é',
        'e\u0301',
        '😀',
      ),
      { minLength: 1, maxLength: 60 },
    )
    .map((parts) => parts.join('')),
)

test('keeps any name below the prefix', () => {
  fc.assert(
    fc.property(anyName, (source) => expectSafe(kernel.file('spec', { source }).name)),
    { numRuns: 2000 },
  )
})

test('no two different names meet', () => {
  const distinct = ([one, other]: [string, string]) => one !== other
  fc.assert(
    fc.property(fc.tuple(anyName, anyName).filter(distinct), ([one, other]) => {
      expect(kernel.file('spec', { source: one }).name).not.toBe(kernel.file('spec', { source: other }).name)
    }),
    { numRuns: 1000 },
  )
})

test('a lone surrogate, its replacement and another lone surrogate are three sources', () => {
  const names = ['\ud800.jpg', '\ud801.jpg', '\ufffd.jpg'].map((source) => kernel.file('spec', { source }).name)
  expect(new Set(names).size).toBe(3)
})

test('a name is the same in every kernel with the same config', () => {
  fc.assert(
    fc.property(anyName, fc.jsonValue(), (source, params) => {
      const [one, other] = [createKernel({ generators: { spec } }), createKernel({ generators: { spec } })]
      const input = { source, params: JSON.parse(JSON.stringify(params)) }
      expect(one.file('spec', input).name).toBe(other.file('spec', input).name)
    }),
    { numRuns: 100 },
  )
})

test.each<[string, Namer]>([
  ['shows the revision before the hash', ({ prefix, source, hash }) => `${prefix}/${source?.revision}/${hash}`],
  ['shows the format before the hash', ({ prefix, extension, hash }) => `${prefix}/${extension}/${hash}.${extension}`],
])('refuses a namer that %s: what is made from one source could not be found', (_, namer) => {
  const source = { name: 'kim.jpg', revision: '1', attributes: { t: 'tenant' } }
  const make = () => nameOf(fakeGenerator({ namer }), source)
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_NAME' }))
})

test('no source is shown as a folder that is called as a derivative is', () => {
  for (const namer of ['sourceNameAsPath', 'sourceNameDotHash'] as const) {
    const kernel = createKernel({ namer, generators: { spec } })
    const victim = String(kernel.file('spec', { source: 'avatars/kim.jpg' }))
    const evil = kernel.file('spec', { source: `${victim.slice('CACHE/images/'.length)}/x.png` })
    expect(evil.name?.startsWith(`${victim}/`)).toBe(false)
  }
})

test.each<[string, Parameters<typeof fakeGenerator>[0]]>([
  ['throws', { namer: () => JSON.parse('no JSON') }],
  ['reads attributes', { namer: ({ source, hash }) => `${Object.keys(source?.attributes as object)[0]}/${hash}` }],
])('a namer that %s is named, with what it threw', (_, options) => {
  const make = () => nameOf(fakeGenerator(options), { name: 'kim.jpg', attributes: { tenant: 1 } })
  const refused = {
    code: 'NAMING_FAILED',
    message: expect.stringContaining('profile:avatar:thumbnail'),
    cause: expect.any(Error),
  }
  expect(make).toThrow(expect.objectContaining(refused))
})

test('so is a fingerprint', () => {
  const make = () => nameOf({ ...fakeGenerator(), fingerprint: () => JSON.parse('no JSON') }, 'kim.jpg')
  expect(make).toThrow(expect.objectContaining({ code: 'NAMING_FAILED', cause: expect.any(SyntaxError) }))
})
