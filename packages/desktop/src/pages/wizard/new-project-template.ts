/** What a new configuration begins as: releases by tag to production, every push of develop to test. */
export const newProjectTemplate = `project: ""
repository: ""
servers:
  main: { host: "" }
pipeline: [build, migrate, test]
environments:
  production:
    deploy: { branch: main, tag: "v*" }
  test:
    deploy: { branch: develop }
`;
