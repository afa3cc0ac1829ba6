import sharp from 'sharp'

// Only ever imported with `import()`: loading sharp costs 90 ms and 27 MB, and work that generates nothing needs none of
// it. libvips' cache of operations is of no use to pipelines that each see their bytes once, and holds memory.
sharp.cache(false)

export { sharp }
