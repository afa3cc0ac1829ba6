/**
 * Calls `work` for every item, a few at a time. No item is asked for before somebody is free to work on it, so that a
 * stream of any length takes no more memory than a few items.
 *
 * Resolves when all work has ended; after an abort, when the work in hand has. `work` must not reject.
 *
 * @throws What the stream throws, once the work in hand has ended.
 */
export async function forEach<Item>(
  items: AsyncIterable<Item>,
  options: { readonly concurrency: number; readonly signal: AbortSignal },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  let turn: Promise<unknown> = Promise.resolve()
  // One at a time: not every stream can be asked again before it has answered.
  const next = (): Promise<IteratorResult<Item>> => {
    const answer = turn.then(() => (options.signal.aborted ? end : iterator.next()))
    turn = answer
    return answer
  }
  const worker = async (): Promise<void> => {
    for (let item = await next(); !item.done; item = await next()) await work(item.value)
  }
  const ends = await Promise.allSettled(Array.from({ length: options.concurrency }, worker))
  await iterator.return?.()
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined }
