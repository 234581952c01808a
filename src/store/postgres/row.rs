//! Values on their way to the server, and rows on their way back.

use std::error::Error;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::store::StoreError;
use crate::store::engine::{Row, Value};

impl Value<'_> {
    /// The type that the server is told; it finds out itself what a NULL is.
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Null => Type::UNKNOWN,
            Self::Integer(_) => Type::INT8,
            Self::Text(_) => Type::TEXT,
            Self::Blob(_) => Type::BYTEA,
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => return Ok(IsNull::Yes),
            Self::Integer(value) => out.extend_from_slice(&value.to_be_bytes()),
            Self::Text(value) => out.extend_from_slice(value.as_bytes()),
            Self::Blob(value) => out.extend_from_slice(value),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A row of an answer.
pub(super) struct PostgresRow<'r>(pub(super) &'r postgres::Row);

impl PostgresRow<'_> {
    fn get<'a, T: postgres::types::FromSql<'a>>(
        &'a self,
        column: usize,
    ) -> Result<Option<T>, StoreError> {
        self.0.try_get::<_, Option<T>>(column).map_err(|_| {
            StoreError::Corrupt(format!(
                "column {column} of an answer has another type than its schema"
            ))
        })
    }
}

impl Row for PostgresRow<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.columns().get(column).map(postgres::Column::type_) {
            Some(&Type::INT4) => Ok(self.get::<i32>(column)?.map(i64::from)),
            _ => self.get(column),
        }
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        self.get(column)
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        self.get(column)
    }
}
