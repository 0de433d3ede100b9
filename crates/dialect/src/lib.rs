//! The dialect of the table API: what a request says, as values. Pure: no SQL, no I/O.
