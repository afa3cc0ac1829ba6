import sharp from 'sharp'

// Only ever imported with `import()`: loading sharp costs 90 ms and 27 MB, and work that generates nothing needs none of
// it. libvips' cache of operations is of no use to pipelines that each see their bytes once, and holds memory.
sharp.cache(false)

// The AVIF encoder's bytes vary with the number of its threads, and equal names must mean equal bytes on every machine.
// Cores are kept busy by several pictures at a time, which is faster, too.
sharp.concurrency(1)

export { sharp }
