import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A page of documentation, by its path from the root of the repository. */
export interface Page {
  readonly path: string
  readonly text: string
}

export function pages(): Page[] {
  const found = ['README.md', 'CONTRIBUTING.md', 'bench/README.md']
  for (const folder of ['packages', 'examples']) {
    found.push(...readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`))
  }
  found.push(...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`))
  const paths = found.filter((path) => path.endsWith('.md') && existsSync(join(root, path)))
  return paths.map((path) => ({ path, text: textOf(path) }))
}

/** Links of a page that lead to nothing in the repository: to no file, or to no heading. */
export function brokenLinks(page: Page): string[] {
  const links = Array.from(page.text.matchAll(/\]\(([^()\s]+)\)/g), ([, link = '']) => link)
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page.path : relative(root, resolve(root, dirname(page.path), path))
    if (!existsSync(join(root, target))) return true
    if (anchor === undefined) return false
    return !headings(target.endsWith('.md') ? target : join(target, 'README.md')).includes(anchor)
  })
}

/** The anchors of a page's headings, as hosts of repositories make them. */
function headings(page: string): string[] {
  return Array.from(textOf(page).matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

interface Block {
  /** Where the block would be as a file, beside its page. */
  readonly file: string
  readonly code: string
}

/** A page's blocks of code; one that begins with a file's name is that file. */
function blocksOf({ path, text }: Page): Block[] {
  const blocks = text.matchAll(/^```(?:ts|js)\n([\s\S]*?)^```$/gm)
  return Array.from(blocks, ([, code = ''], index) => {
    const name = /^\/\/ (\S+\.ts)$/m.exec(code.split('\n', 1)[0] ?? '')?.[1] ?? `block-${index + 1}.ts`
    return { file: join(root, dirname(path), '.documentation', path.replaceAll('/', '-'), name), code }
  })
}

/** What TypeScript finds wrong in the code of pages: `page/block:line: message`. */
export function mistakesInCode(of: readonly Page[]): string[] {
  const texts = new Map(of.flatMap(blocksOf).map(({ file, code }) => [file, code]))
  const globals = join(root, '.documentation/globals.d.ts')
  const program = compile(new Map([...texts, [globals, whatReadersHave()]]))
  const diagnostics = [...texts.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  })
  return diagnostics
    .filter(({ code }) => !allowed.has(code))
    .map(({ file, start = 0, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
      return `${relative(root, file?.fileName ?? '')}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
}

/** `return` outside of a function: the code is a part of one. */
const allowed = new Set([1108])

/** What pages leave to their readers, or have shown in a block before. */
const left = ['backend', 'card', 'createBucket', 'handle', 'has', 'includes', 'items', 's3Storage', 'storage']

/** Blocks may use what packages export without importing it, and these. */
function whatReadersHave(): string {
  const lines = []
  for (const folder of readdirSync(join(root, 'packages'))) {
    const text = readFileSync(join(root, 'packages', folder, 'src/index.ts'), 'utf8')
    for (const [, names = ''] of text.matchAll(/export (?:type )?\{([^}]*)\}/g)) {
      for (const [, name] of names.matchAll(/(?:^|,)\s*(?:type )?(\w+)(?=\s*(?:,|$))/g)) {
        const found = `import('@latent-image/${folder}').${name}`
        // Only one of them is right for most names; the other says nothing.
        lines.push(`const ${name}: typeof ${found}`, `type ${name} = ${found}`)
      }
    }
  }
  lines.push(
    "const kernel: import('@latent-image/kernel').Kernel",
    "const file: import('@latent-image/kernel').ImageCacheFile",
    "const hooks: import('@latent-image/kernel').Hooks",
    "const v: typeof import('valibot')",
    'const bytes: Uint8Array',
    'const name: string',
    ...left.map((name) => `const ${name}: any`),
  )
  return `export {}\ndeclare global {\n${lines.join('\n')}\n}\n`
}

function compile(texts: ReadonlyMap<string, string>): ts.Program {
  const config = ts.readConfigFile(join(root, 'tsconfig.test.json'), ts.sys.readFile)
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent({ ...config.config, files: [] }, ts.sys, root).options,
    moduleDetection: ts.ModuleDetectionKind.Force,
    useUnknownInCatchVariables: false,
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, directoryExists, getSourceFile } = host
  host.readFile = (file) => texts.get(file) ?? readFile(file)
  host.fileExists = (file) => texts.has(file) || fileExists(file)
  host.directoryExists = (folder) => folder.includes('.documentation') || (directoryExists?.(folder) ?? true)
  host.getSourceFile = (file, options, ...rest) => {
    const text = texts.get(file)
    return text === undefined ? getSourceFile(file, options, ...rest) : ts.createSourceFile(file, text, options)
  }
  return ts.createProgram([...texts.keys()], options, host)
}

function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}
