export default {
  testMatch: ['<rootDir>/{apps,stacks,constructs,scripts,bench}/**/*.test.ts'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
  // One suite may start a real server; the machine has two cores.
  maxWorkers: 2,
  testTimeout: 30_000,
};
