/**
 * Lets a process of the tests run TypeScript from source, as vitest does:
 * `node --conditions=@latent-image/source --import ./scripts/typescript.mjs program.ts`
 */
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import ts from 'typescript'

// This file is both the registration and, in Node's own thread for them, the hook.
if (isMainThread) register(import.meta.url)

const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const { outputText } = ts.transpileModule(await readFile(new URL(url), 'utf8'), { compilerOptions })
  return { format: 'module', source: outputText, shortCircuit: true }
}
