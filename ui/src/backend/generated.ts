// Placeholder until `cargo xtask codegen` writes this file from the command list.
export interface Commands {
  status: { params: null; result: { locked: boolean } };
}
